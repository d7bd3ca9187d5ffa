using System.Collections.Immutable;
using System.Security.Cryptography;
using FsCheck;
using FsCheck.Fluent;
using Tributary.Intelligence.Drift;
using Tributary.Intelligence.Models;
using Tributary.Intelligence.Models.Files;
using Tributary.Intelligence.Tests.Training;
using Tributary.Intelligence.Training;

namespace Tributary.Intelligence.Tests.Models.Files;

public sealed class ModelFileTests
{
    /// <summary>Mutations per model: a long campaign sets TRIBUTARY_FUZZ_RUNS.</summary>
    private static readonly int Runs = int.TryParse(Environment.GetEnvironmentVariable("TRIBUTARY_FUZZ_RUNS"), out var runs) ? runs : 3000;

    [Fact]
    public void A_file_gives_back_the_model_and_all_that_is_said_of_it()
    {
        foreach (var (file, scores) in Files())
        {
            var bytes = file.ToBytes();
            var read = ModelFile.Read(bytes);
            Assert.True(read.IsOk, read.ToString());
            Assert.Equal(file.Lineage with { Options = ImmutableSortedDictionary<string, string>.Empty, Metrics = ImmutableSortedDictionary<string, double>.Empty },
                read.Value.Lineage with { Options = ImmutableSortedDictionary<string, string>.Empty, Metrics = ImmutableSortedDictionary<string, double>.Empty });
            Assert.Equal(file.Lineage.Options, read.Value.Lineage.Options);
            Assert.Equal(file.Lineage.Metrics, read.Value.Lineage.Metrics);
            Assert.Equal(file.Card, read.Value.Card);
            Assert.Equal(file.Reference, read.Value.Reference);
            Assert.Equal(file.Model.Schema, read.Value.Model.Schema);
            Assert.Equal(scores, Tables.Scores(read.Value.Model, Tables.Mixed(50, seed: 9).X));
            Assert.Equal(bytes, read.Value.ToBytes());
            Assert.Equal(SHA256.HashData(bytes.AsSpan()[..^32]), ModelFile.IdentityOf(bytes).ToArray());
        }
    }

    [Fact]
    public void Damage_is_named()
    {
        var bytes = Files()[0].File.ToBytes();
        Assert.Equal("magic", ModelFile.Read([]).Error.Field);
        Assert.Equal("magic", ModelFile.Read("not a model file at all"u8).Error.Field);
        Assert.Equal("version", ModelFile.Read(bytes.AsSpan(0, 9)).Error.Field);
        Assert.Equal("length", ModelFile.Read(bytes.AsSpan(0, 30)).Error.Field);
        Assert.Equal("checksum", ModelFile.Read(bytes.AsSpan(0, bytes.Length - 1)).Error.Field);

        var newer = (byte[])bytes.Clone();
        newer[8] = 2;
        Assert.Equal("Version 2 is not known here; this build reads version 1.", ModelFile.Read(newer).Error.Reason);
        var turned = (byte[])bytes.Clone();
        turned[bytes.Length / 2] ^= 1;
        Assert.Equal("checksum", ModelFile.Read(turned).Error.Field);
        Assert.Equal("length", ModelFile.Read(Reseal([.. bytes.AsSpan(0, bytes.Length - 32), 0])).Error.Field);
    }

    [Fact]
    public void Every_truncation_is_refused()
    {
        foreach (var (file, _) in Files())
        {
            var body = file.ToBytes().AsSpan()[..^32].ToArray();
            var step = Math.Max(1, body.Length / 400);
            for (var length = 10; length < body.Length; length += step)
                Assert.False(ModelFile.Read(Reseal(body[..length])).IsOk);
        }
    }

    [Fact]
    public void Bytes_turned_behind_a_good_checksum_give_a_model_that_scores_or_a_reason()
    {
        var generator = new SeededGenerator(1);
        var rows = Tables.Mixed(4, seed: 3).X;
        var (good, bad) = (0, 0);
        foreach (var (file, _) in Files())
        {
            var body = file.ToBytes().AsSpan()[..^32].ToArray();
            for (var run = 0; run < Runs / 5; run++)
            {
                var mutant = (byte[])body.Clone();
                for (var i = generator.NextInt32(3); i >= 0; i--)
                {
                    // Most mutations near the front, where counts and tags are.
                    var at = 10 + generator.NextInt32(generator.NextInt32(2) == 0 ? Math.Min(400, body.Length - 10) : body.Length - 10);
                    mutant[at] = generator.NextInt32(3) switch { 0 => 0xFF, 1 => 0, _ => (byte)generator.NextInt32(256) };
                }

                var read = ModelFile.Read(Reseal(mutant));
                if (!read.TryGet(out var model))
                {
                    Assert.NotEmpty(read.Error.Reason);
                    bad++;
                    continue;
                }

                good++;
                if (model.Model.Schema.Count != rows.Schema.Count)
                    continue;
                for (var row = 0; row < rows.RowCount; row++)
                    Assert.False(double.IsNaN(model.Model.Score(Tables.Row(rows, row))));
            }
        }

        Assert.True(good > 10 && bad > 10, $"{good} read, {bad} refused");
    }

    [Fact]
    public void Any_bytes_are_refused_without_an_exception() =>
        Check.QuickThrowOnFailure(Prop.ForAll((byte[] tail) => !ModelFile.Read(Reseal([.. "TRBMODEL"u8, 1, 0, .. tail])).IsOk));

    [Fact]
    public void A_count_that_the_bytes_cannot_hold_allocates_nothing()
    {
        // Four thousand million features in a file of fifty bytes.
        var bytes = Reseal([.. "TRBMODEL"u8, 1, 0, 0xFE, 0xFF, 0xFF, 0xFF, 0xFF, 1, 2, 3]);
        ModelFile.Read(bytes);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var error = ModelFile.Read(bytes).Error;
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2000);
        Assert.Equal("schema", error.Field);
    }

    [Fact]
    public void A_card_says_the_same_in_three_forms()
    {
        var file = Files()[0].File with { };
        file = file with { Card = file.Card with { Purpose = "Score <payments> | \"quickly\"" } };
        var identity = ModelFile.IdentityOf(file.ToBytes());
        var json = System.Text.Json.JsonDocument.Parse(ModelCardRenderer.ToJson(file, identity)).RootElement;
        Assert.Equal("Score <payments> | \"quickly\"", json.GetProperty("use").GetProperty("Purpose").GetString());
        Assert.Equal("1,500", json.GetProperty("training_data").GetProperty("Rows").GetString());
        Assert.Equal(Convert.ToHexStringLower(identity.Span), json.GetProperty("identity").GetString());
        var markdown = ModelCardRenderer.ToMarkdown(file, identity);
        Assert.Contains("| Purpose | Score <payments> \\| \"quickly\" |", markdown, StringComparison.Ordinal);
        Assert.Contains("- Not tried on refunds.", markdown, StringComparison.Ordinal);
        var html = ModelCardRenderer.ToHtml(file, identity);
        Assert.Contains("Score &lt;payments&gt; | &quot;quickly&quot;", html, StringComparison.Ordinal);
        Assert.Contains("2026-01-01 00:00:00 UTC", html, StringComparison.Ordinal);
        Assert.Contains("gradient-boosted trees, 8 of at most", html, StringComparison.Ordinal);
    }

    [Fact]
    public void A_table_has_one_hash()
    {
        var (x, y) = Tables.Mixed(700, seed: 1);
        var hash = TableHash.Compute(x, y);
        Assert.Equal(hash, TableHash.Compute(x.Select([.. Enumerable.Range(0, 700)]), y));
        y[0] = 1 - y[0];
        Assert.NotEqual(hash, TableHash.Compute(x, y));
    }

    private static byte[] Reseal(byte[] body) => [.. body, .. SHA256.HashData(body)];

    private static (ModelFile File, double[] Scores)[] Files()
    {
        var token = TestContext.Current.CancellationToken;
        var (x, y) = Tables.Mixed(1500, seed: 1);
        var trees = GbdtTrainer.Train(x, y, new GbdtOptions { TreeCount = 8 }, cancellationToken: token);
        var logistic = LogisticTrainer.Train(x, y, new LogisticOptions { Knots = 4 }, cancellationToken: token);
        var forest = ForestTrainer.Train(x, y, new ForestOptions { TreeCount = 4, MaxLeaves = 50 }, cancellationToken: token);
        var scores = Tables.Scores(trees, x);
        var isotonic = new CalibratedModel(trees, IsotonicCalibration.Fit(scores, y));
        var platt = new CalibratedModel(logistic, PlattCalibration.Fit(Tables.Scores(logistic, x), y));
        IModel[] models = [trees, logistic, forest, isotonic, new BlendedModel([platt, forest, trees], [.5, .25, .25])];
        var probe = Tables.Mixed(50, seed: 9).X;
        var lineage = new ModelLineage(
            1_767_225_600,
            "mixed",
            TableHash.Compute(x, y),
            1500,
            (long)y.Sum(),
            0,
            1_767_225_600,
            default,
            ImmutableSortedDictionary<string, string>.Empty.Add("trees", "8").Add("learning rate", "0.1"),
            ImmutableSortedDictionary<string, double>.Empty.Add("ROC AUC", .81));
        var card = new ModelCard("Mixed", "Tests.", "Anything else.", ["Not tried on refunds.", "Überlegt."], "nobody");
        return
        [
            .. models.Select((model, i) => (
                new ModelFile(model, lineage, card, i % 2 == 0 ? DriftReference.Of(x, scores, y) : null), Tables.Scores(model, probe))),
        ];
    }
}
