namespace Tributary.Server.Team;

/// <summary>What a member of the team is there for.</summary>
public enum MemberRole
{
    /// <summary>Sees and does nothing but look.</summary>
    Viewer,

    /// <summary>Helps shoppers: refunds, payment links.</summary>
    Support,

    /// <summary>Looks after risk and takes the figures out.</summary>
    Analyst,

    /// <summary>Runs the shop: money out, keys, webhooks.</summary>
    Manager,

    /// <summary>Everything, the team included.</summary>
    Owner,
}
