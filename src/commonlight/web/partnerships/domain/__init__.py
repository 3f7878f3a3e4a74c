"""What people do in a partnership; every action takes the actor and plain values."""
