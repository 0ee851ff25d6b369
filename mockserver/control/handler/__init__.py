"""What the operations of the control plane do, one small function each."""
