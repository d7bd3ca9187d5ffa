using System.Reflection;
using Tributary.Finance.Accounts;
using Tributary.Rollup.Signatures;

namespace Tributary.Rollup.Tests.Documents;

/// <summary>Holds the parameter table of docs/rollup/signatures.md against the code.</summary>
public sealed class SignaturesDocumentTests
{
    private static readonly string Root = typeof(SignaturesDocumentTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(static attribute => string.Equals(attribute.Key, "RepositoryRoot", StringComparison.Ordinal)).Value!;

    [Fact]
    public void The_parameters_are_those_of_the_code()
    {
        var lines = File.ReadAllLines(Path.Combine(Root, "docs", "rollup", "signatures.md"));
        string[] expected =
        [
            $"| chains | {Xmss.Chains} |",
            $"| base of a digit | {Xmss.Base} |",
            $"| target sum | {Xmss.TargetSum} |",
            $"| chain steps of a verifier | {Xmss.VerifierSteps} |",
            $"| elements of a digest | {Xmss.DigestElements} |",
            $"| elements of the public parameter | {Xmss.ParameterElements} |",
            $"| elements of the randomness | {Xmss.RandomnessElements} |",
            $"| log2 of the one-time keys | 1 to {KeyParameters.MaxLogLifetime} |",
            $"| bytes of a signature, 2²⁰ one-time keys | {Xmss.SignatureLength(20)} |",
            $"| bytes of a signature, 2³¹ one-time keys | {Xmss.SignatureLength(31)} |",
        ];
        var start = Array.FindIndex(lines, static line => line.Equals("| parameter | value |", StringComparison.Ordinal));
        string[] stated = [.. lines.Skip(start + 2).TakeWhile(static line => line.StartsWith('|'))];
        Assert.Equal(expected, stated);
    }
}
