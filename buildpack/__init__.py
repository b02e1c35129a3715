"""What happens at build time: detection, dependencies, launch."""
