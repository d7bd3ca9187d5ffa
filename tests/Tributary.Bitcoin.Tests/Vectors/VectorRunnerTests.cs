using Tributary.Bitcoin.Vectors;
using Tributary.Testing;

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

    [Theory]
    [InlineData("""[["1", "", "P2SH", "OK"]]""", 1, 0, 0)]
    [InlineData("""[["0", "", "P2SH", "OK"]]""", 0, 1, 0)]
    [InlineData("""[["1", "", "P2SH", "EVAL_FALSE"]]""", 0, 1, 0)]
    [InlineData("""[["1", "", "OP_CAT", "OK"], ["only a comment"]]""", 0, 0, 1)]
    [InlineData("""[["1", "", "P2SH", "NO_SUCH_ERROR"], ["1", "", "NO_SUCH_FLAG", "OK"], ["NO_SUCH_WORD", "", "P2SH", "OK"], [1, "", "", "OK"]]""", 0, 4, 0)]
    [InlineData("""[[["00", 1e-8], "", "0 0x14 0x1111111111111111111111111111111111111111", "P2SH,WITNESS", "WITNESS_PROGRAM_MISMATCH"]]""", 1, 0, 0)]
    [InlineData("""[[["00", 1e-9], "", "1", "P2SH,WITNESS", "OK"]]""", 0, 1, 0)]
    [InlineData("""[[["#SCRIPT# 1", "#CONTROLBLOCK#", 0.00000001], "", "0x51 0x20 #TAPROOTOUTPUT#", "P2SH,WITNESS,TAPROOT", "OK"]]""", 1, 0, 0)]
    [InlineData("""[[["#SCRIPT# 0", "#CONTROLBLOCK#", 0.00000001], "", "0x51 0x20 #TAPROOTOUTPUT#", "P2SH,WITNESS,TAPROOT", "EVAL_FALSE"]]""", 1, 0, 0)]
    [InlineData("""[["1", "", "0x51 0x20 #TAPROOTOUTPUT#", "OK"]]""", 0, 1, 0)]
    public void Rows_of_script_tests_are_judged(string json, int passed, int failed, int skipped)
    {
        var report = VectorRunner.Run(System.Text.Encoding.UTF8.GetBytes(json), "rows.json").Value;

        Assert.Equal(VectorFormat.ScriptTests, report.Format);
        Assert.Equal((passed, failed, skipped), (report.Passed, report.Failed, report.Skipped));
    }

    [Theory]
    [InlineData("tx_valid.json", "0151", "NONE", "the error is CLEANSTACK")]
    [InlineData("tx_valid.json", "0151", "CLEANSTACK", "")]
    [InlineData("tx_valid.json", "00", "NONE", "")]
    [InlineData("tx_valid.json", "00", "LOW_S", "it is valid with LOW_S, too")]
    [InlineData("tx_valid.json", "00", "P2SH", "bad row")]
    [InlineData("tx_invalid.json", "0151", "CLEANSTACK,P2SH,WITNESS", "")]
    [InlineData("tx_invalid.json", "0151", "P2SH", "it is valid")]
    [InlineData("tx_invalid.json", "0151", "CLEANSTACK", "bad row")]
    [InlineData("tx_invalid.json", "0151", "CLEANSTACK,P2SH,WITNESS,LOW_S", "without LOW_S it is invalid, too")]
    [InlineData("tx_invalid.json", "0151", "BADTX", "breaks no rule")]
    public void Rows_of_transactions_name_exactly_the_flags_that_matter(string name, string scriptSig, string flags, string problem)
    {
        // With a push in the scriptSig two elements are left: only CLEANSTACK minds.
        var transaction = "01000000" + "01" + "0000000000000000000000000000000000000000000000000000000000000100" + "00000000" + scriptSig + "ffffffff"
            + "01" + "0000000000000000" + "00" + "00000000";
        var json = $"""[[[["0001000000000000000000000000000000000000000000000000000000000000", 0, "1"]], "{transaction}", "{flags}"]]""";

        var report = VectorRunner.Run(System.Text.Encoding.UTF8.GetBytes(json), name).Value;

        Assert.Equal(problem.Length == 0 ? 1 : 0, report.Passed);
        if (problem.Length > 0)
            Assert.Contains(problem, Assert.Single(report.Failures).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void No_file_breaks_the_runner() =>
        Fuzz.Run(
            [
                """[["c"], [["00", 1e-8], "1", "0x51 DUP", "P2SH,WITNESS", "OK"], ["", "", "", ""], [[]], [], 5]"""u8.ToArray(),
                """[[[["0001000000000000000000000000000000000000000000000000000000000000", 0, "1", 5]], "0100", "BADTX"], {"a": 1}, null]"""u8.ToArray(),
                """[["\ud800"], ["\ud800", "", "P2SH", "OK"]]"""u8.ToArray(),
                """[["0100", "ac", 0, -1, "00"], [1, 2, 3, 4, 5]]"""u8.ToArray(),
            ],
            static bytes =>
            {
                foreach (var format in new VectorFormat?[] { null, VectorFormat.ScriptTests, VectorFormat.ValidTransactions, VectorFormat.InvalidTransactions, VectorFormat.SignatureHashes })
                    _ = VectorRunner.Run(bytes.ToArray(), "tx_valid.json", format).IsOk;
            },
            limits: new FuzzLimits(BytesPerInputByte: 4096, Bytes: 1 << 20));

    private static VectorReport RunFile(string path) => VectorRunner.Run(File.ReadAllBytes(path), path).Value;
}
