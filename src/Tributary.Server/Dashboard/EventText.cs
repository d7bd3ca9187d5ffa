using System.Text;
using Tributary.Payments.Ledger;

namespace Tributary.Server.Dashboard;

/// <summary>Events and accounts in plain words.</summary>
public static class EventText
{
    /// <summary>"payment_intent.succeeded" as a sentence's beginning.</summary>
    public static string Of(string kind) => kind switch
    {
        "payment_intent.created" => "Created by the shop",
        "payment_intent.requires_action" => "Ways to pay were shown to the shopper",
        "payment_intent.partially_funded" => "A part of the money came",
        "payment_intent.processing" => "Enough money was seen",
        "payment_intent.amount_capturable_updated" => "Money is held for a capture",
        "payment_intent.succeeded" => "Paid",
        "payment_intent.payment_failed" => "A try to pay failed",
        "payment_intent.canceled" => "Cancelled",
        "payment_intent.excess_received" => "More came than was asked for",
        "payment_intent.reversed" => "Taken back by the chain",
        "refund.created" => "Refund asked for",
        "refund.updated" => "Refund moved on",
        "refund.failed" => "Refund failed",
        "charge.refunded" => "Money went back to the shopper",
        "charge.refund.updated" => "Refund moved on",
        "charge.dispute.created" => "The shopper's bank disputes it",
        "charge.dispute.funds_withdrawn" => "The bank took the money",
        "charge.dispute.updated" => "Evidence was given",
        "charge.dispute.funds_reinstated" => "The bank gave the money back",
        "charge.dispute.closed" => "The dispute is over",
        _ => Sentence(kind[(kind.LastIndexOf('.') + 1)..]),
    };

    /// <summary>"MerchantAvailable" as "Merchant available".</summary>
    public static string OfAccount(AccountKind account)
    {
        var words = new StringBuilder();
        foreach (var c in account.ToString())
        {
            if (char.IsUpper(c) && words.Length > 0)
                words.Append(' ').Append(char.ToLowerInvariant(c));
            else
                words.Append(c);
        }

        return words.ToString();
    }

    private static string Sentence(string word)
    {
        var words = word.Replace('_', ' ');
        return words.Length == 0 ? words : char.ToUpperInvariant(words[0]) + words[1..];
    }
}
