namespace Tributary.Testing;

/// <summary>A fuzz target threw or allocated too much; the message holds the input and how to run it again.</summary>
public sealed class FuzzFailureException(string message, Exception? inner) : Exception(message, inner);
