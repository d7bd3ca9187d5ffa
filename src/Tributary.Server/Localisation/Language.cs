namespace Tributary.Server.Localisation;

/// <summary>A language that pages can be read in.</summary>
/// <param name="Tag">Its BCP 47 tag.</param>
/// <param name="Name">Its own name for itself.</param>
/// <param name="IsRightToLeft">Lines run from right to left.</param>
/// <param name="IsOffered">Shoppers can choose it; a pseudo-language is for those who look at layouts.</param>
public sealed record Language(string Tag, string Name, bool IsRightToLeft, bool IsOffered);
