using System.Collections.Frozen;
using static Tributary.Payments.Payouts.PayoutStatus;
using static Tributary.Payments.Payouts.PayoutTrigger;

namespace Tributary.Payments.Payouts;

/// <summary>Every step that a payout may take. <c>docs/states.md</c> is generated from this table too.</summary>
public static class PayoutTransitions
{
    public static IReadOnlyList<PayoutTransition> All { get; } =
    [
        new(null, Opened, AwaitingApproval, "above the limit"),
        new(null, Opened, Pending, "to be sent, at once or when its destination is known for long enough"),
        new(AwaitingApproval, Approved, Pending, "somebody else agrees"),
        new(AwaitingApproval, CancelAsked, Canceled, "the store takes it back"),
        new(Pending, CancelAsked, Canceled, "the store takes it back before a rail has heard of it"),
        new(Pending, TransferPending, InTransit, "the rail has it"),
        new(Pending, TransferSent, Paid, "the rail has paid"),
        new(Pending, TransferFailed, Failed, "the rail will never pay it"),
        new(InTransit, TransferSent, Paid, "the rail has paid"),
        new(InTransit, TransferFailed, Failed, "the rail will never pay it"),
        new(Paid, TransferFailed, Failed, "the money came back"),
    ];

    private static readonly FrozenSet<(PayoutStatus?, PayoutTrigger, PayoutStatus)> s_allowed =
        All.Select(static row => (row.From, row.Trigger, row.To)).ToFrozenSet();

    /// <summary>May this trigger lead from one status to the other? To stay is always allowed.</summary>
    public static bool Allows(PayoutStatus? from, PayoutTrigger trigger, PayoutStatus to) => from == to || s_allowed.Contains((from, trigger, to));
}
