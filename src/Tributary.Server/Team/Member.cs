using System.Collections.Immutable;

namespace Tributary.Server.Team;

/// <summary>A person who can sign in. Identity changes it in place and then hands it to its store.</summary>
public sealed class Member
{
    public required string Id { get; init; }

    /// <summary>The store whose objects the member sees.</summary>
    public required string StoreId { get; init; }

    public required string Email { get; set; }

    public string? NormalizedEmail { get; set; }

    public required MemberRole Role { get; set; }

    public string? PasswordHash { get; set; }

    /// <summary>Changes with whatever ends all sessions: a password, a second factor, a role.</summary>
    public string SecurityStamp { get; set; } = "";

    public bool IsTwoFactorEnabled { get; set; }

    /// <summary>The secret of the authenticator app; sealed where it is stored.</summary>
    public string? AuthenticatorKey { get; set; }

    /// <summary>The 30-second step of the last code that was taken: it and those before it are taken no more (RFC 6238 5.2).</summary>
    public long? LastTotpStep { get; set; }

    /// <summary>Codes for a lost phone, each good for once; sealed where they are stored.</summary>
    public ImmutableArray<string> RecoveryCodes { get; set; } = [];

    public int FailedSignIns { get; set; }

    public DateTimeOffset? LockedUntil { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Counts the changes: a change that was made to an older one is refused.</summary>
    public long Version { get; set; }
}
