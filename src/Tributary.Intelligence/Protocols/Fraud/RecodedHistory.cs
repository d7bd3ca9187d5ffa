using System.Collections.Immutable;
using Tributary.Intelligence.Features;
using Tributary.Intelligence.Models;

namespace Tributary.Intelligence.Protocols.Fraud;

/// <summary>Payments whose categories go by another table of codes.</summary>
internal sealed class RecodedHistory : IPaymentHistory
{
    private readonly IPaymentHistory _history;
    private readonly int[] _codes;

    public RecodedHistory(IPaymentHistory history, ImmutableArray<string> categories)
    {
        _history = history;
        Categories = [.. categories, .. history.Categories.Except(categories, StringComparer.Ordinal)];
        _codes = [.. history.Categories.Select(name => Math.Min(Categories.IndexOf(name), CategoryCode.Limit - 1))];
    }

    public int Count => _history.Count;

    public int FraudCount => _history.FraudCount;

    public ImmutableArray<string> Categories { get; }

    public PaymentEvent Payment(int row)
    {
        var payment = _history.Payment(row);
        return new PaymentEvent
        {
            Id = payment.Id,
            TimeMs = payment.TimeMs,
            AmountMinor = payment.AmountMinor,
            Category = payment.Category == PaymentEvent.NoCategory ? PaymentEvent.NoCategory : _codes[payment.Category],
            Place = payment.Place,
            Entities = payment.Entities,
        };
    }

    public bool IsFraud(int row) => _history.IsFraud(row);

    public long Payer(int row) => _history.Payer(row);
}
