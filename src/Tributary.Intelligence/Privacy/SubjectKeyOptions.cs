namespace Tributary.Intelligence.Privacy;

/// <summary>Bounds of <see cref="SubjectKeys"/>.</summary>
public sealed record SubjectKeyOptions
{
    /// <summary>Identities at most, about 250 bytes of memory and 128 on disk each; at the bound a new one is refused.</summary>
    public int MaxIdentities { get; init; } = 8_000_000;

    /// <summary>Identities of one person at most; at the bound a further one is refused.</summary>
    public int MaxLinksPerPerson { get; init; } = 1_000;
}
