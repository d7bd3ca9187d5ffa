using Tributary.Bitcoin.Vectors;

namespace Tributary.Bitcoin.Tests.Vectors;

public sealed class VectorRunnerTests
{
    /// <summary>A folder with Bitcoin Core's own src/test/data may be named to run the files that ../shared does not hold.</summary>
    public static TheoryData<string> CoreFiles => ["script_tests.json", "sighash.json", "tx_valid.json", "tx_invalid.json"];

    [Fact]
    public void Every_script_test_passes_and_only_proposed_opcodes_are_skipped()
    {
        var report = RunFile(Tributary.Testing.Vectors.Path("bitcoin/script_tests.json"));

        Assert.Equal(VectorFormat.ScriptTests, report.Format);
        Assert.Empty(report.Failures);
        Assert.True(report.Passed > 1200, $"{report.Passed} rows passed");
        Assert.All(report.Skips, static skip => Assert.Contains("OP_CAT", skip.Reason, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_signature_hash_is_right()
    {
        var report = RunFile(Tributary.Testing.Vectors.Path("bitcoin/sighash.json"));

        Assert.Equal(VectorFormat.SignatureHashes, report.Format);
        Assert.Empty(report.Failures);
        Assert.Empty(report.Skips);
        Assert.Equal(500, report.Passed);
    }

    [Theory]
    [MemberData(nameof(CoreFiles))]
    public void Files_of_Bitcoin_Core_pass(string name)
    {
        var folder = Environment.GetEnvironmentVariable("TRIBUTARY_CORE_TEST_DATA");
        if (string.IsNullOrEmpty(folder))
            Assert.Skip("TRIBUTARY_CORE_TEST_DATA does not name Bitcoin Core's src/test/data.");

        var report = RunFile(Path.Combine(folder, name));

        Assert.Empty(report.Failures);
        Assert.True(report.Passed > 80, $"{report.Passed} rows passed");
    }

    private static VectorReport RunFile(string path) => VectorRunner.Run(File.ReadAllBytes(path), path).Value;
}
