"""Knowledge: what is known elsewhere and here, and what each problem made of it."""
