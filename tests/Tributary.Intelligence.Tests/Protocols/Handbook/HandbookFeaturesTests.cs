using System.Globalization;
using System.IO.Compression;
using Tributary.Intelligence.Features;
using Tributary.Intelligence.Protocols.Handbook;

namespace Tributary.Intelligence.Tests.Protocols.Handbook;

public sealed class HandbookFeaturesTests
{
    private static readonly (string Published, string Ours)[] Names =
    [
        ("TX_DURING_WEEKEND", "weekend"),
        ("TX_DURING_NIGHT", "night"),
        ("CUSTOMER_ID_NB_TX_1DAY_WINDOW", "customer_payments_1d"),
        ("CUSTOMER_ID_AVG_AMOUNT_1DAY_WINDOW", "customer_mean_1d"),
        ("CUSTOMER_ID_NB_TX_7DAY_WINDOW", "customer_payments_7d"),
        ("CUSTOMER_ID_AVG_AMOUNT_7DAY_WINDOW", "customer_mean_7d"),
        ("CUSTOMER_ID_NB_TX_30DAY_WINDOW", "customer_payments_30d"),
        ("CUSTOMER_ID_AVG_AMOUNT_30DAY_WINDOW", "customer_mean_30d"),
        ("TERMINAL_ID_NB_TX_1DAY_WINDOW", "terminal_payments_1d"),
        ("TERMINAL_ID_RISK_1DAY_WINDOW", "terminal_risk_1d"),
        ("TERMINAL_ID_NB_TX_7DAY_WINDOW", "terminal_payments_7d"),
        ("TERMINAL_ID_RISK_7DAY_WINDOW", "terminal_risk_7d"),
        ("TERMINAL_ID_NB_TX_30DAY_WINDOW", "terminal_payments_30d"),
        ("TERMINAL_ID_RISK_30DAY_WINDOW", "terminal_risk_30d"),
    ];

    [Fact]
    public void All_published_features_match_together_on_nearly_every_row()
    {
        var payments = HandbookPayments.Read(TestData.Require("fraud/fdh_raw_days0-135.csv.gz"), cancellationToken: TestContext.Current.CancellationToken).Value;
        var published = ReadPublished(TestData.Require("fraud/fdh_features_days0-59_every3rd.csv.gz"), out var header);
        var store = new FeatureStore(HandbookFeatures.Published);
        var row = new float[store.Schema.Count];
        var ours = Array.ConvertAll(Names, pair => store.Schema.IndexOf(pair.Ours));
        var theirs = Array.ConvertAll(Names, pair => Array.IndexOf(header, pair.Published));
        var differing = new int[Names.Length];
        var differingRows = 0;
        var compared = 0;
        for (var i = 0; compared < published.Count; i++)
        {
            var payment = payments.Payment(i);
            Assert.True(store.Observe(payment, row).IsOk);
            if (payments.IsFraud(i))
                Assert.True(store.Apply(payment, Outcome.Fraud).IsOk);
            if (!published.TryGetValue(payments.Id(i), out var expected))
                continue;
            compared++;
            var differs = false;
            for (var feature = 0; feature < ours.Length; feature++)
            {
                var value = expected[theirs[feature]];
                if (Math.Abs(row[ours[feature]] - value) <= 1e-6 * Math.Max(1, Math.Abs(value)))
                    continue;
                differing[feature]++;
                differs = true;
            }

            differingRows += differs ? 1 : 0;
        }

        var counts = string.Join(", ", Names.Select((pair, feature) => $"{pair.Ours} {differing[feature]}"));
        TestContext.Current.SendDiagnosticMessage($"{differingRows} of {compared} rows differ ({counts}).");
        Assert.True(differingRows <= compared * 0.0001, $"{differingRows} of {compared} rows differ ({counts}).");
    }

    private static Dictionary<long, double[]> ReadPublished(string path, out string[] header)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        header = reader.ReadLine()!.Split(',');
        var rows = new Dictionary<long, double[]>();
        while (reader.ReadLine() is { } line)
        {
            var values = Array.ConvertAll(line.Split(','), text => double.Parse(text, CultureInfo.InvariantCulture));
            rows.Add((long)values[0], values);
        }

        return rows;
    }
}
