using System.Security.Cryptography;
using System.Text;
using Tributary.Intelligence.Policy.Binding;
using Tributary.Intelligence.Policy.Schema;
using Tributary.Intelligence.Policy.Syntax;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Results;

namespace Tributary.Intelligence.Policy;

/// <summary>Parses, type-checks and compiles policies. The language stands in docs/intelligence/policy.md.</summary>
public static class PolicyCompiler
{
    /// <summary>
    /// Compiles a text against a schema. Total: any text gives a policy or errors that name line, column and what to do. Bounded by
    /// <see cref="PolicyLimits"/>.
    /// </summary>
    public static Result<CompiledPolicy, PolicyErrors> Compile(string text, PolicySchema schema)
    {
        var diagnostics = new DiagnosticBag();
        if (text.Length > PolicyLimits.MaxTextLength)
        {
            diagnostics.Error(new SourceSpan(1, 1, 0, 0), $"The policy has {text.Length} characters.", $"Write at most {PolicyLimits.MaxTextLength}, and keep long lists beside the policy.");
            return Errors(diagnostics);
        }

        var syntax = PolicyParser.Parse(text, diagnostics);
        var policy = new PolicyBinder(schema, text, diagnostics).Bind(syntax);
        if (diagnostics.HasErrors || policy is null)
            return Errors(diagnostics);

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(text), hash);
        return new CompiledPolicy(
            text, new Bytes32(hash), syntax.Name, schema, policy.Rules, policy.Conditions, policy.Budgets, [.. diagnostics.InOrder()]);
    }

    private static PolicyErrors Errors(DiagnosticBag diagnostics) => new([.. diagnostics.InOrder()]);
}
