using System.Collections.Immutable;

namespace Tributary.Server.Dashboard;

/// <summary>What the account page shows this once.</summary>
internal sealed record AccountNotes
{
    public string? Problem { get; init; }

    /// <summary>An authenticator app is being set up.</summary>
    public bool IsTotpBegun { get; init; }

    /// <summary>Fresh recovery codes.</summary>
    public ImmutableArray<string> RecoveryCodes { get; init; } = [];
}
