"""Forms of problems, frames, causes and the joint statement."""
