using System.Collections.Immutable;
using Tributary.Intelligence.Features;

namespace Tributary.Intelligence.Protocols;

/// <summary>Payments of a file, in the order of time, with what became of them.</summary>
public interface IPaymentHistory
{
    /// <summary>Payments; one or more.</summary>
    int Count { get; }

    /// <summary>Of them known to be fraud.</summary>
    int FraudCount { get; }

    /// <summary>The names of the merchants' categories, by code; empty where there are none.</summary>
    ImmutableArray<string> Categories { get; }

    /// <summary>A payment as features see it.</summary>
    PaymentEvent Payment(int row);

    /// <summary>Whether a payment is labelled as fraud.</summary>
    bool IsFraud(int row);

    /// <summary>The number of the card or customer: payments of one are not independent.</summary>
    long Payer(int row);
}
