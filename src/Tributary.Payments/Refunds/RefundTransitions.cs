using System.Collections.Frozen;
using static Tributary.Payments.Refunds.RefundStatus;
using static Tributary.Payments.Refunds.RefundTrigger;

namespace Tributary.Payments.Refunds;

/// <summary>Every step that a refund may take. <c>docs/states.md</c> is generated from this table too.</summary>
public static class RefundTransitions
{
    public static IReadOnlyList<RefundTransition> All { get; } =
    [
        new(null, Opened, AwaitingApproval, "above the limit"),
        new(null, Opened, Pending, "the destination is known, or the money goes back by the way it came"),
        new(null, Opened, RequiresAction, "the shopper has to say where to"),
        new(AwaitingApproval, Approved, Pending, "somebody else agrees, and the destination is known"),
        new(AwaitingApproval, Approved, RequiresAction, "somebody else agrees, and the shopper has to say where to"),
        new(AwaitingApproval, CancelAsked, Canceled, "the merchant takes it back"),
        new(RequiresAction, Claimed, Pending, "the shopper said where to"),
        new(RequiresAction, CancelAsked, Canceled, "the merchant takes it back"),
        new(RequiresAction, TimePassed, Failed, "nobody claimed it in time"),
        new(Pending, TransferSent, Succeeded, "the rail has paid"),
        new(Pending, TransferFailed, RequiresAction, "the rail will never pay this transfer: the shopper may name another destination"),
        new(Pending, TransferFailed, Failed, "the card's processor refuses"),

        // A bank can send a card refund back after days.
        new(Succeeded, TransferFailed, Failed, "the money came back"),
    ];

    private static readonly FrozenSet<(RefundStatus?, RefundTrigger, RefundStatus)> s_allowed =
        All.Select(static row => (row.From, row.Trigger, row.To)).ToFrozenSet();

    /// <summary>May this trigger lead from one status to the other? To stay is always allowed.</summary>
    public static bool Allows(RefundStatus? from, RefundTrigger trigger, RefundStatus to) => from == to || s_allowed.Contains((from, trigger, to));
}
