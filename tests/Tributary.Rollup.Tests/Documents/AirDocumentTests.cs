using System.Reflection;
using Tributary.Rollup.Proving;
using Tributary.Rollup.Proving.Tables;
using Tributary.Rollup.Segments;
using Tributary.Rollup.Signatures;

namespace Tributary.Rollup.Tests.Documents;

/// <summary>Holds docs/rollup/air.md and docs/rollup/statement.md against the code.</summary>
public sealed class AirDocumentTests
{
    private static readonly string Root = typeof(AirDocumentTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(static attribute => string.Equals(attribute.Key, "RepositoryRoot", StringComparison.Ordinal)).Value!;

    private static string[] Lines(string document) => File.ReadAllLines(Path.Combine(Root, "docs", "rollup", document));

    private static string[] Table(string document, string header)
    {
        var lines = Lines(document);
        var start = Array.FindIndex(lines, line => line.StartsWith($"| {header}", StringComparison.Ordinal));
        Assert.True(start >= 0, $"no table with the header {header}");
        return [.. lines.Skip(start + 2).TakeWhile(static line => line.StartsWith('|'))];
    }

    [Fact]
    public void Columns_constraints_and_messages_are_those_of_the_code()
    {
        string[] expected =
        [
            .. RollupMachine.Instance.Tables.Select(static table =>
                $"| {table.Air.Name} | {table.Air.Width} | {table.Constraints.Count} | {table.Interactions.Count} | {table.LookupWidth} | {table.MaxDegree} |"),
        ];
        Assert.True(expected.SequenceEqual(Table("air.md", "table | columns"), StringComparer.Ordinal), $"the document should say\n{string.Join('\n', expected)}");
    }

    [Fact]
    public void Buses_are_those_of_the_machine()
    {
        string[] stated = [.. Table("air.md", "bus | message").Select(static line => line.Split('|')[1].Trim())];
        Assert.Equal([.. RollupMachine.Instance.Buses.Select(static bus => bus.Name)], stated);
    }

    [Fact]
    public void The_numbers_in_the_text_are_those_of_the_code()
    {
        var statement = string.Join('\n', Lines("statement.md"));
        Assert.Contains($"at most {SegmentBody.MaxOperations} |", statement, StringComparison.Ordinal);
        Assert.Contains($"| chains of the signature | {Xmss.VerifierSteps} |", statement, StringComparison.Ordinal);
        Assert.Contains($"| {WideAir.Pairs + 20 + 2} |", statement, StringComparison.Ordinal);
        Assert.Contains($"version {RollupProof.Version} (2 bytes)", statement, StringComparison.Ordinal);
        Assert.Contains($"| version, {SegmentBody.Version} | 1 byte |", statement, StringComparison.Ordinal);
        var air = string.Join('\n', Lines("air.md"));
        Assert.Contains($"k = {WideAir.Pairs - 1}, sum = {Xmss.TargetSum}", air, StringComparison.Ordinal);
        Assert.Contains($"the limit is {WideAir.RestLimit}", air, StringComparison.Ordinal);
        Assert.Contains($"receives ({NodesAir.UpperLevels}, {NodesAir.LowerLevels}, 0, 0, R, R′)", air, StringComparison.Ordinal);
        Assert.Contains($"8·number + {OperationsAir.PayerAccess} … {OperationsAir.Credit}", air, StringComparison.Ordinal);
    }
}
