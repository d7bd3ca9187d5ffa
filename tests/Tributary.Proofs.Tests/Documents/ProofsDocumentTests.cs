using System.Reflection;
using Tributary.Proofs.Air;
using Tributary.Proofs.Fields;
using Tributary.Proofs.Poseidon2;
using Tributary.Proofs.Security;
using Tributary.Proofs.Stark;
using Tributary.Proofs.Tables;
using Tributary.Proofs.Tests.Stark;

namespace Tributary.Proofs.Tests.Documents;

/// <summary>Holds the tables of docs/rollup/proofs.md against the code.</summary>
public sealed class ProofsDocumentTests
{
    private static readonly string Root = typeof(ProofsDocumentTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(static attribute => string.Equals(attribute.Key, "RepositoryRoot", StringComparison.Ordinal)).Value!;

    private static readonly string[] Lines = File.ReadAllLines(Path.Combine(Root, "docs", "rollup", "proofs.md"));

    /// <summary>The rows of the table whose header starts with these words.</summary>
    private static string[] Table(string header)
    {
        var start = Array.FindIndex(Lines, line => line.StartsWith($"| {header}", StringComparison.Ordinal));
        Assert.True(start >= 0, $"no table with the header {header}");
        return [.. Lines.Skip(start + 2).TakeWhile(line => line.StartsWith('|'))];
    }

    [Fact]
    public void The_fields_are_those_of_the_code()
    {
        var table = Table("object | value");
        Assert.Contains(table, line => line.Contains($"= {KoalaBear.Modulus} |", StringComparison.Ordinal));
        Assert.Contains($"| two-adicity | {KoalaBear.TwoAdicity} |", table, StringComparer.Ordinal);
        Assert.Contains($"| generator of F*, and shift of every evaluation domain | {KoalaBear.Generator} |", table, StringComparer.Ordinal);
        Assert.Contains($"| log2 of the size of K | {Extension.Degree * Math.Log2(KoalaBear.Modulus):F2} |", table, StringComparer.Ordinal);
        Assert.Contains($"| encoding of an element of K | its {Extension.Degree} coordinates, {ExtensionField.ByteLength} bytes |", table, StringComparer.Ordinal);
        Assert.Equal(Extension.One, Extension.X.Power(5) + Extension.X.Power(2));
    }

    [Fact]
    public void The_permutation_tables_have_the_columns_and_constraints_stated()
    {
        string[] expected =
        [
            .. ((Poseidon2Parameters[])[Poseidon2Parameters.Width16, Poseidon2Parameters.Width24]).Select(static parameters =>
            {
                var shape = AirShape.Analyze(new Poseidon2Air(parameters));
                return $"| {shape.Air.Name} | {shape.Air.Width} | {shape.Constraints.Count} | {shape.MaxDegree} | {shape.QuotientChunks} |";
            }),
        ];
        Assert.Equal(expected, Table("table | columns"));
    }

    [Fact]
    public void The_parameter_sets_are_those_of_the_code()
    {
        string[] expected = [Row("fast", ProofParameters.Fast), Row("small", ProofParameters.Small)];
        Assert.Equal(expected, Table("set | blowup"));

        static string Row(string name, ProofParameters set) =>
            $"| {name} | {1 << set.LogBlowup} | {set.Queries} | {1 << set.LogFoldingArity} | {1 << set.LogFinalLength} | {set.BatchGrindingBits} | {set.QueryGrindingBits} |";
    }

    [Fact]
    public void The_entries_of_the_transcript_are_those_that_a_prover_may_not_leave_out()
    {
        string[] stated = [.. Table("entry | what").Select(line => line.Split('|')[1].Trim())];
        Assert.Equal([.. SoundnessTests.Entries().Select(entry => entry.Data)], stated);
    }

    [Fact]
    public void The_rounds_are_those_of_the_calculator()
    {
        var machine = new Machine("hashes", [new Poseidon2Air(Poseidon2Parameters.Width16)]);
        var fast = SecurityEstimate.For(machine, ProofParameters.Fast, [20]);
        var small = SecurityEstimate.For(machine, ProofParameters.Small, [20]);
        string[] expected =
        [
            .. fast.Terms.Zip(small.Terms, static (a, b) =>
                $"| {a.Round} | {a.ProvableBits:F1} | {a.ConjecturedBits:F1} | {b.ProvableBits:F1} | {b.ConjecturedBits:F1} |"),
            $"| minimum | {fast.ProvableBits:F1} | {fast.ConjecturedBits:F1} | {small.ProvableBits:F1} | {small.ConjecturedBits:F1} |",
        ];
        Assert.True(expected.SequenceEqual(Table("round | fast, provable"), StringComparer.Ordinal), $"the document should say\n{string.Join('\n', expected)}");

        string[] rounds = [.. Table("round | error").Select(line => line.Split('|')[1].Trim())];
        Assert.Equal(["lookup", .. fast.Terms.Select(term => term.Round)], rounds);
    }
}
