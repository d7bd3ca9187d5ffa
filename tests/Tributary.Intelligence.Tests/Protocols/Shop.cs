using System.Collections.Immutable;
using Tributary.Intelligence.Features;
using Tributary.Intelligence.Generation;
using Tributary.Intelligence.Protocols;
using Tributary.Intelligence.Protocols.Commerce;

namespace Tributary.Intelligence.Tests.Protocols;

/// <summary>Generated payments as a file of them reads.</summary>
internal static class Shop
{
    public static CommerceOptions Small { get; } = new() { Customers = 700, Days = 60, FraudScale = 4 };

    public static IPaymentHistory History(CommerceOptions? options = null)
    {
        var path = Path.GetTempFileName();
        try
        {
            using (var file = File.Create(path))
                CommerceFile.Write(file, CommerceGenerator.Generate(options ?? Small), compress: true);
            return CommercePayments.Read(path).Value;
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>The same payments, the outcomes from a time on the opposite.</summary>
    public sealed class Flipped(IPaymentHistory history, DateTimeOffset from) : IPaymentHistory
    {
        public int Count => history.Count;

        public int FraudCount => Enumerable.Range(0, Count).Count(IsFraud);

        public ImmutableArray<string> Categories => history.Categories;

        public PaymentEvent Payment(int row) => history.Payment(row);

        public bool IsFraud(int row) => history.IsFraud(row) != (history.Payment(row).TimeMs >= from.ToUnixTimeMilliseconds());

        public long Payer(int row) => history.Payer(row);
    }
}
