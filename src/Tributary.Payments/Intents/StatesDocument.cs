using System.Text;
using Tributary.Payments.Payouts;
using Tributary.Payments.Refunds;

namespace Tributary.Payments.Intents;

/// <summary>Writes <c>docs/states.md</c> from the transition table, so that the document cannot say anything else than the code.</summary>
public static class StatesDocument
{
    public static string Write()
    {
        var text = new StringBuilder();
        text.Append("""
            # The states of a payment

            Generated from `IntentTransitions` by `Tributary.Payments.Tests`; a difference fails the test, which then says how to write it anew.

            A payment intent's status is derived from its money and its open attempts. Every step that it can take is here; another one is a bug
            and stops before anything is stored. `canceled` is final: money that comes later is the shopper's. `succeeded` is not: a chain can
            reorganise, and then the ledger entries are reversed and `payment_intent.reversed` is sent.


            """);
        text.Append("| from | when | to | in which case |\n| --- | --- | --- | --- |\n");
        foreach (var row in IntentTransitions.All.OrderBy(static row => row.From).ThenBy(static row => row.Trigger).ThenBy(static row => row.To))
            text.Append($"| `{IntentWords.Of(row.From)}` | {IntentTransition.WordOf(row.Trigger).Replace('_', ' ')} | `{IntentWords.Of(row.To)}` | {row.When} |\n");
        text.Append("""

            ## How the other dialect says it

            | intent | BTCPay invoice status | additional status |
            | --- | --- | --- |
            | `requires_payment_method`, `requires_confirmation` | `New` | `None` |
            | `requires_action` | `New` | `None`, or `PaidPartial` once money has come |
            | `processing`, `requires_capture` | `Processing` | `None`, or `PaidOver` |
            | `succeeded` | `Settled` | `None`; `PaidOver` with excess; `PaidLate` for money that came after the rate ran out |
            | `canceled` for time | `Expired` | `None`; `PaidPartial` or `PaidLate` where money came |
            | `canceled` otherwise | `Invalid` | `Marked` |

            ## Money of one attempt

            | rail | seen | held | settled | released | vanished |
            | --- | --- | --- | --- | --- | --- |
            | Lightning | – | HTLCs of a hold invoice are complete | the preimage is released | HTLCs failed back | – |
            | on chain | in the mempool, or too few confirmations | – | enough confirmations | – | replaced or reorganised away |
            | card | – | authorised | captured | authorisation given back | – |

            """);
        text.Append("""

            ## Refunds

            Generated from `RefundTransitions`. A refund holds its money from the moment it is decided: in `RefundsUnderWay` until the rail has paid,
            back where it was when it fails or is canceled. Stripe's shape has no word for `awaiting_approval` and says `pending`.


            """);
        text.Append("| from | when | to | in which case |\n| --- | --- | --- | --- |\n");
        foreach (var row in RefundTransitions.All.OrderBy(static row => row.From).ThenBy(static row => row.Trigger).ThenBy(static row => row.To))
            text.Append($"| {(row.From is { } from ? $"`{RefundWords.NameOf(from)}`" : "–")} | {RefundWords.Of(row.Trigger).Replace('_', ' ')} | `{RefundWords.NameOf(row.To)}` | {row.When} |\n");
        text.Append("""

            ## Payouts

            Generated from `PayoutTransitions`. `pending` with a later date is a destination that is too new; `awaiting_approval` is `pending` in
            Stripe's shape.


            """);
        text.Append("| from | when | to | in which case |\n| --- | --- | --- | --- |\n");
        foreach (var row in PayoutTransitions.All.OrderBy(static row => row.From).ThenBy(static row => row.Trigger).ThenBy(static row => row.To))
            text.Append($"| {(row.From is { } from ? $"`{PayoutWords.NameOf(from)}`" : "–")} | {PayoutWords.Of(row.Trigger).Replace('_', ' ')} | `{PayoutWords.NameOf(row.To)}` | {row.When} |\n");
        return text.ToString();
    }
}
