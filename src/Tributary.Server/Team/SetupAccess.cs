namespace Tributary.Server.Team;

/// <summary>The way in for the first owner.</summary>
/// <param name="Path">The path of a page that works once; null where there is an owner already.</param>
public sealed record SetupAccess(string? Path)
{
    /// <summary>Never the path: it lets in.</summary>
    public override string ToString() => nameof(SetupAccess);
}
