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

    /// <summary>Take held money, and give payments up.</summary>
    Capture,

    /// <summary>Answer disputes, or give in.</summary>
    Dispute,

    /// <summary>Say who is blocked and who is trusted.</summary>
    Lists,

    /// <summary>Ask for payouts.</summary>
    Payout,

    /// <summary>Approve money that goes out.</summary>
    Approve,

    /// <summary>Stop all money that goes out. Whoever sees that something is wrong may.</summary>
    Stop,

    /// <summary>Let money go out again.</summary>
    Resume,

    /// <summary>Issue and revoke API keys.</summary>
    Keys,

    /// <summary>Make and end webhook endpoints, send deliveries again.</summary>
    Webhooks,

    /// <summary>Open channels and take addresses of the node.</summary>
    Liquidity,

    /// <summary>Set how much may go out without a second person, where to, and how soon.</summary>
    Policy,

    /// <summary>What the store is called, and its mail.</summary>
    Store,

    /// <summary>Invite, change and remove members; see what each has done.</summary>
    Team,
}
