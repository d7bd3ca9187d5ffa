using System.Reflection;
using Tributary.Intelligence.Fairness;

namespace Tributary.Intelligence.Tests.Fairness;

/// <summary>The protected column is of a type that nothing which scores, decides, ranks or keeps records can be handed.</summary>
public sealed class ProtectedColumnTests
{
    private const BindingFlags Everything = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly string Audits = typeof(ProtectedColumn).Namespace!;

    [Fact]
    public void No_type_outside_of_audits_takes_gives_or_keeps_a_protected_column()
    {
        var seen = 0;
        var offenders = new List<string>();
        foreach (var type in typeof(ProtectedColumn).Assembly.GetTypes())
        {
            if (type.Namespace is { } space && space.Equals(Audits, StringComparison.Ordinal))
                continue;
            foreach (var (member, used) in Uses(type))
            {
                seen++;
                if (Holds(used))
                    offenders.Add($"{type.FullName}.{member}: {used}");
            }
        }

        Assert.True(seen > 1_000);
        Assert.Empty(offenders);
    }

    [Fact]
    public void The_search_finds_one_where_there_is_one()
    {
        Assert.Contains(Uses(typeof(AuditTable)), use => Holds(use.Used));
        Assert.Contains(Uses(typeof(Reweighing)), use => Holds(use.Used));
        Assert.True(Holds(typeof(List<ProtectedColumn[]>)));
        Assert.False(Holds(typeof(List<string>)));
    }

    private static IEnumerable<(string Member, Type Used)> Uses(Type type) =>
        type.GetFields(Everything).Select(static field => (field.Name, field.FieldType))
            .Concat(type.GetProperties(Everything).Select(static property => (property.Name, property.PropertyType)))
            .Concat(type.GetMethods(Everything).SelectMany(static method => Parameters(method).Append((method.Name, method.ReturnType))))
            .Concat(type.GetConstructors(Everything).SelectMany(Parameters));

    private static IEnumerable<(string Member, Type Used)> Parameters(MethodBase method) => method.GetParameters().Select(parameter => (method.Name, parameter.ParameterType));

    // The audit's table holds the column too.
    private static bool Holds(Type type) =>
        type == typeof(ProtectedColumn) || type == typeof(AuditTable)
        || (type.HasElementType && Holds(type.GetElementType()!))
        || type.GenericTypeArguments.Any(Holds);
}
