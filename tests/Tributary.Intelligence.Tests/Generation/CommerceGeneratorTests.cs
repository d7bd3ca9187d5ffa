using System.Security.Cryptography;
using Tributary.Intelligence.Generation;
using Tributary.Intelligence.Protocols.Commerce;
using Tributary.Intelligence.Tests.Protocols;

namespace Tributary.Intelligence.Tests.Generation;

public sealed class CommerceGeneratorTests
{
    [Fact]
    public void Equal_seeds_give_equal_files_and_others_do_not()
    {
        Assert.Equal(Hash(1), Hash(1));
        Assert.NotEqual(Hash(1), Hash(2), StringComparer.Ordinal);

        static string Hash(ulong seed)
        {
            using var stream = new MemoryStream();
            CommerceFile.Write(stream, CommerceGenerator.Generate(Shop.Small with { Seed = seed, Days = 15 }), compress: false);
            return Convert.ToHexString(SHA256.HashData(stream.ToArray()));
        }
    }

    [Fact]
    public void Every_kind_of_fraud_is_there_and_payments_are_in_order()
    {
        var payments = CommerceGenerator.Generate(Shop.Small);
        foreach (var kind in Enum.GetValues<FraudKind>())
            Assert.Contains(payments, payment => payment.Fraud == kind);
        Assert.True(payments.Zip(payments.Skip(1)).All(static pair => pair.First.TimeSeconds <= pair.Second.TimeSeconds));
        Assert.All(payments, static payment => Assert.True(payment.AmountMinor > 0 && Math.Abs(payment.Latitude) <= 90 && Math.Abs(payment.Longitude) <= 180));
        Assert.Equal(Shop.Small.FirstDay, DateOnly.FromDateTime(DateTime.UnixEpoch.AddSeconds(payments[0].TimeSeconds)));
    }

    [Fact]
    public void Card_testing_comes_in_bursts_of_small_amounts_from_one_device()
    {
        var bursts = CommerceGenerator.Generate(Shop.Small).Where(static payment => payment.Fraud == FraudKind.CardTesting).GroupBy(static payment => payment.Device).ToArray();
        Assert.All(bursts, static burst =>
        {
            Assert.InRange(burst.Count(), 10, 49);
            Assert.All(burst, static payment => Assert.InRange(payment.AmountMinor, 50, 500));
            Assert.True(burst.Max(static payment => payment.TimeSeconds) - burst.Min(static payment => payment.TimeSeconds) < 2.1 * 3_600);
        });
    }

    [Fact]
    public void Without_fraud_there_is_none() =>
        Assert.DoesNotContain(CommerceGenerator.Generate(Shop.Small with { FraudScale = 0 }), static payment => payment.Fraud != FraudKind.None);

    [Fact]
    public void What_is_written_is_read_back()
    {
        var payments = CommerceGenerator.Generate(Shop.Small with { Days = 10 });
        using var folder = new ScratchFolder();
        var path = folder.Write("");
        using (var file = File.Create(path))
            CommerceFile.Write(file, payments, compress: false);
        var history = CommercePayments.Read(path, cancellationToken: TestContext.Current.CancellationToken).Value;
        Assert.Equal(payments.Count, history.Count);
        for (var i = 0; i < payments.Count; i++)
        {
            Assert.Equal((payments[i].TimeSeconds * 1_000, payments[i].AmountMinor), (history.Payment(i).TimeMs, history.Payment(i).AmountMinor));
            Assert.Equal(payments[i].Fraud != FraudKind.None, history.IsFraud(i));
            Assert.Equal(CommerceCategory.All[payments[i].Category].Name, history.Categories[history.Payment(i).Category]);
        }
    }

    [Fact]
    public void Options_out_of_range_are_named()
    {
        Assert.Equal("customers", new CommerceOptions { Customers = 0 }.Fault()?.Name);
        Assert.Equal("days", new CommerceOptions { Days = 0 }.Fault()?.Name);
        Assert.Equal("days", new CommerceOptions { Customers = 1_000_000, Days = 3_660 }.Fault()?.Name);
        Assert.Equal("fraud-scale", new CommerceOptions { FraudScale = double.NaN }.Fault()?.Name);
        Assert.Null(new CommerceOptions().Fault());
    }
}
