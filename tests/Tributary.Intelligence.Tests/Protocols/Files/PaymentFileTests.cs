using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Tributary.Intelligence.Features;
using Tributary.Intelligence.Privacy;
using Tributary.Intelligence.Protocols.Commerce;
using Tributary.Intelligence.Protocols.Handbook;
using Tributary.Intelligence.Protocols.Sparkov;

namespace Tributary.Intelligence.Tests.Protocols.Files;

public sealed class PaymentFileTests : IDisposable
{
    private const string Header = "TRANSACTION_ID,TX_DATETIME,CUSTOMER_ID,TERMINAL_ID,TX_AMOUNT,TX_FRAUD";
    private const string Row = "0,2018-04-01 00:00:31,596,3156,57.16,0";

    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Columns_are_found_by_name_in_any_order_and_others_are_passed_over()
    {
        var plain = Read($"{Header}\n{Row}\n");
        var shuffled = Read("note,TX_FRAUD,TX_AMOUNT,TERMINAL_ID,CUSTOMER_ID,TX_DATETIME,TRANSACTION_ID\n\"a, \"\"b\"\"\nc\",0,57.16,3156,596,2018-04-01 00:00:31,0\n");
        Assert.Equal(Fields(plain.Payment(0)), Fields(shuffled.Payment(0)));
        Assert.Equal((5_716, 596L), (plain.AmountMinor(0), plain.Customer(0)));
    }

    [Theory]
    [InlineData(false, "\n")]
    [InlineData(true, "\n")]
    [InlineData(false, "\r\n")]
    [InlineData(true, "\r\n")]
    public void Compressed_or_not_with_either_line_end_and_a_byte_order_mark(bool compress, string lineEnd)
    {
        var path = _folder.Write($"\uFEFF{Header}{lineEnd}{Row}{lineEnd}", compress: compress);
        Assert.Equal(1, HandbookPayments.Read(path, cancellationToken: TestContext.Current.CancellationToken).Value.Count);
    }

    [Theory]
    [InlineData("1,2018-04-01 00:02:10,4961,3412,abc,0", "line 3", "TX_AMOUNT 'abc'")]
    [InlineData("1,2018-04-01 00:02:10,4961,3412,-1,0", "line 3", "TX_AMOUNT '-1'")]
    [InlineData("1,2018-04-01 00:02:10,4961,3412,NaN,0", "line 3", "TX_AMOUNT 'NaN'")]
    [InlineData("1,2018-04-01 00:02:10,4961,3412,Infinity,0", "line 3", "TX_AMOUNT 'Infinity'")]
    [InlineData("1,2018-13-01 00:02:10,4961,3412,1,0", "line 3", "TX_DATETIME '2018-13-01 00:02:10'")]
    [InlineData("1,2018-04-01 00:02:10,4961,3412,1,2", "line 3", "TX_FRAUD '2'")]
    [InlineData("1,2018-04-01 00:02:10,,3412,1,0", "line 3", "CUSTOMER_ID ''")]
    [InlineData("1,2018-04-01 00:02:10,4961,3412,1", "line 3", "has 5 fields, the header 6")]
    [InlineData("0,2018-04-01 00:02:10,4961,3412,1,0", "line 3", "TRANSACTION_ID 0 appears a second time")]
    [InlineData("\n\n1,2018-04-01 00:02:10,4961,3412,x,0", "line 5", "TX_AMOUNT 'x'")]
    [InlineData("1,\"2018-04-01 00:02:10,4961,3412,1,0", "line 3", "quote")]
    public void A_damaged_row_is_refused_by_line_and_reason(string damaged, string line, string reason)
    {
        var refusal = HandbookPayments.Read(_folder.Write($"{Header}\n{Row}\n{damaged}\n"), cancellationToken: TestContext.Current.CancellationToken).Error;
        Assert.Equal(line, refusal.Field);
        Assert.Contains(reason, refusal.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "file")]
    [InlineData(Header + "\n", "file")]
    [InlineData("TRANSACTION_ID,TX_DATETIME\n0,2018-04-01 00:00:31\n", "header")]
    [InlineData("TX_FRAUD," + Header + "\n0," + Row + "\n", "header")]
    public void A_file_without_payments_or_columns_is_refused(string text, string field) =>
        Assert.Equal(field, HandbookPayments.Read(_folder.Write(text), cancellationToken: TestContext.Current.CancellationToken).Error.Field);

    [Fact]
    public void A_file_that_is_absent_or_breaks_off_is_refused()
    {
        Assert.Equal("file", HandbookPayments.Read("/nonexistent/payments.csv", cancellationToken: TestContext.Current.CancellationToken).Error.Field);
        var whole = File.ReadAllBytes(_folder.Write(string.Join('\n', Enumerable.Range(0, 20_000).Select(static i => $"{i},2018-04-01 00:00:31,{i * 7919 % 1009},3,{i % 97},0").Prepend(Header)), compress: true));
        var broken = _folder.Write("", "broken.csv.gz");
        File.WriteAllBytes(broken, whole[..(whole.Length / 2)]);
        var cut = HandbookPayments.Read(broken, cancellationToken: TestContext.Current.CancellationToken).Error;
        Assert.Equal("file", cut.Field);
        Assert.Contains("cut off", cut.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void The_scenario_of_a_fraud_is_not_read()
    {
        var with = Read($"{Header},TX_FRAUD_SCENARIO\n{Row},3\n");
        var without = Read($"{Header}\n{Row}\n");
        Assert.Equal(Fields(with.Payment(0)), Fields(without.Payment(0)));
    }

    [Fact]
    public void Sparkov_rows_have_categories_by_order_of_name_and_read_nothing_protected()
    {
        const string Columns = "cc_num,unix_time,category,amt,is_fraud,merchant,merch_lat,merch_long";
        var text = $"{Columns}\n7,1640995289,travel,71.41,1,\"fraud_Kuhn, Ltd\",45.8,-123.5\n5,1640995259,grocery_pos,3.5,0,fraud_Kling Inc,39.8,-107.5\n";
        var history = SparkovPayments.Read(_folder.Write(text), cancellationToken: TestContext.Current.CancellationToken).Value;
        Assert.Equal(["grocery_pos", "travel"], history.Categories.ToArray());
        Assert.Equal((5L, 0, false), (history.Payer(0), history.Payment(0).Category, history.IsFraud(0)));
        Assert.Equal((7L, 1, true), (history.Payer(1), history.Payment(1).Category, history.IsFraud(1)));
        Assert.Equal(45_800_000, history.Payment(1).Place.LatitudeE6);
        Assert.Equal("line 2", SparkovPayments.Read(_folder.Write(text.Replace("45.8", "145.8", StringComparison.Ordinal)), cancellationToken: TestContext.Current.CancellationToken).Error.Field);
    }

    [Fact]
    public void Commerce_rows_may_lack_a_card_but_not_a_customer()
    {
        const string Columns = "payment_id,time,customer,card,device,address,terminal,merchant,category,latitude,longitude,amount,is_fraud";
        var history = CommercePayments.Read(_folder.Write($"{Columns}\n0,2026-01-01 10:00:00,C1,,D1,,,M1,books,1,2,3.50,0\n"), cancellationToken: TestContext.Current.CancellationToken).Value;
        Assert.True(history.Payment(0).Entity(EntityKind.Card).IsNone);
        Assert.False(history.Payment(0).Entity(EntityKind.Device).IsNone);
        Assert.Contains("customer", CommercePayments.Read(_folder.Write($"{Columns}\n0,2026-01-01 10:00:00,,,D1,,,M1,books,1,2,3.50,0\n"), cancellationToken: TestContext.Current.CancellationToken).Error.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Any_bytes_give_payments_or_a_reason()
    {
        var token = TestContext.Current.CancellationToken;
        Check.QuickThrowOnFailure(Prop.ForAll((byte[] noise, byte place, bool afterHeader) =>
        {
            var text = Encoding.UTF8.GetBytes(afterHeader ? $"{Header}\n{Row}\n" : "");
            var path = _folder.Write("", "noise.csv");
            File.WriteAllBytes(path, [.. text.AsSpan(0, Math.Min(place, text.Length)), .. noise, .. text.AsSpan(Math.Min(place, text.Length))]);
            var result = HandbookPayments.Read(path, cancellationToken: token);
            return result.IsOk || result.Error.Reason.Length > 0;
        }));
    }

    private static (ulong, long, long, Pseudonym, Pseudonym) Fields(PaymentEvent payment) =>
        (payment.Id, payment.TimeMs, payment.AmountMinor, payment.Entity(EntityKind.Customer), payment.Entity(EntityKind.Terminal));

    private HandbookPayments Read(string text) => HandbookPayments.Read(_folder.Write(text), cancellationToken: TestContext.Current.CancellationToken).Value;
}
