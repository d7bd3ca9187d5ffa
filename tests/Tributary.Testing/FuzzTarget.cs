namespace Tributary.Testing;

/// <summary>Code that reads untrusted bytes. It reports a broken promise by throwing.</summary>
public delegate void FuzzTarget(ReadOnlySpan<byte> input);
