"""Assessment: a strategy judged by the European Security Model, claim by claim."""
