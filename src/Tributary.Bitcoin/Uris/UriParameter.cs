namespace Tributary.Bitcoin.Uris;

/// <summary>A query parameter of a payment URI that has no meaning here, percent-decoded.</summary>
/// <param name="Key">Lower case.</param>
/// <param name="Value">Null where the parameter has no '='.</param>
public sealed record UriParameter(string Key, string? Value);
