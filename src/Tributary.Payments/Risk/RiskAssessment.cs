using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Tributary.Payments.Risk;

/// <summary>What the gate answered; stored with what it is about, in the same transaction. For the merchant: a shopper sees <see cref="Notice"/> at most.</summary>
public sealed record RiskAssessment
{
    /// <summary>The decision's name, by which a shopper can have a person look again.</summary>
    public required string Reference { get; init; }

    public required RiskVerdict Verdict { get; init; }

    public required RiskNotice Notice { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>From 0 to 1; null where no model scored.</summary>
    public double? Score { get; init; }

    /// <summary>The rule that decided, in the merchant's words; null where none did.</summary>
    public string? Rule { get; init; }

    /// <summary>Why, for analysts.</summary>
    public ImmutableArray<string> Reasons { get; init; } = [];

    /// <summary>The review that it opened; null where none.</summary>
    public string? ReviewId { get; init; }

    /// <summary>The money is held until the review is closed.</summary>
    public bool IsHeld { get; init; }

    /// <summary>"normal", "elevated" or "highest", in Stripe's words.</summary>
    [JsonIgnore]
    public string Level => Verdict switch
    {
        RiskVerdict.Block => "highest",
        RiskVerdict.Allow => "normal",
        _ => "elevated",
    };
}
