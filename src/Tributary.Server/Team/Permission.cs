namespace Tributary.Server.Team;

/// <summary>What a member may do.</summary>
public enum Permission
{
    /// <summary>Look at payments and what belongs to them.</summary>
    View,

    /// <summary>Take figures out for accounting.</summary>
    Export,

    /// <summary>Decide reviews.</summary>
    Review,

    /// <summary>Ask for refunds.</summary>
    Refund,

    /// <summary>Make and close payment links.</summary>
    Links,

    /// <summary>Ask for payouts.</summary>
    Payout,

    /// <summary>Approve money that goes out.</summary>
    Approve,

    /// <summary>Issue and revoke API keys.</summary>
    Keys,

    /// <summary>Make and end webhook endpoints, send deliveries again.</summary>
    Webhooks,

    /// <summary>Open channels and take addresses of the node.</summary>
    Liquidity,

    /// <summary>Invite, change and remove members.</summary>
    Team,
}
