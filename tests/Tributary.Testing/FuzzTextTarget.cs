namespace Tributary.Testing;

/// <summary>Code that reads untrusted text. It reports a broken promise by throwing.</summary>
public delegate void FuzzTextTarget(ReadOnlySpan<char> input);
