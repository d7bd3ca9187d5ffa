namespace Tributary.Proofs.Air;

/// <summary>
/// What the analysis of an AIR finds: its constraints, their degrees, which columns are read on the next row, and how its messages are grouped
/// into columns of the lookup argument.
/// </summary>
public sealed class AirShape
{
    private AirShape(IAir air, SymbolicBuilder record, int degreeLimit)
    {
        Air = air;
        Constraints = record.Constraints;
        Interactions = record.Interactions;
        Batches = GroupInteractions(record.Interactions, degreeLimit);
        MaxDegree = Constraints.Select(node => node.Degree).Concat(Batches.Select(BatchDegree)).DefaultIfEmpty(1).Max();
        var nodes = Reachable();
        NextColumns = Columns(nodes, SymbolicKind.Next);
        PreprocessedNextColumns = Columns(nodes, SymbolicKind.PreprocessedNext);
        UsesSelectors = nodes.Any(node => node.Kind is SymbolicKind.IsFirstRow or SymbolicKind.IsLastRow or SymbolicKind.IsTransition);
    }

    public IAir Air { get; }

    /// <summary>What must be zero on every row, in the order stated.</summary>
    public IReadOnlyList<SymbolicNode> Constraints { get; }

    /// <summary>The messages of a row, in the order stated.</summary>
    public IReadOnlyList<InteractionShape> Interactions { get; }

    /// <summary>How many consecutive messages share each column of the lookup argument.</summary>
    public IReadOnlyList<int> Batches { get; }

    /// <summary>The largest degree of a constraint, those of the lookup argument included.</summary>
    public int MaxDegree { get; }

    /// <summary>Chunks of degree below the height into which the quotient is cut.</summary>
    public int QuotientChunks => Math.Max(1, MaxDegree - 1);

    /// <summary>Main columns that are read on the next row, ascending.</summary>
    public IReadOnlyList<int> NextColumns { get; }

    /// <summary>Fixed columns that are read on the next row, ascending.</summary>
    public IReadOnlyList<int> PreprocessedNextColumns { get; }

    /// <summary>True where a row selector is used.</summary>
    public bool UsesSelectors { get; }

    /// <summary>Constraints over the extension that the lookup argument adds, one for each column of it.</summary>
    public int LookupConstraints => Batches.Count;

    /// <summary>All constraints that the random combination joins.</summary>
    public int TotalConstraints => Constraints.Count + LookupConstraints;

    /// <summary>Base field columns of the lookup argument.</summary>
    public int LookupWidth => Batches.Count * Extension.Degree;

    /// <summary>
    /// Evaluates an AIR symbolically. Messages share a column as long as its constraint stays within <paramref name="degreeLimit"/>.
    /// What no proof system here could prove is a bug of the AIR and throws.
    /// </summary>
    public static AirShape Analyze(IAir air, int degreeLimit = 3)
    {
        ArgumentNullException.ThrowIfNull(air);
        var builder = new SymbolicBuilder(air);
        air.Evaluate<SymbolicBuilder, SymbolicValue>(ref builder);
        foreach (var node in builder.Constraints)
        {
            if (node.Transitions > 1)
                throw new InvalidOperationException($"{air.Name}: a product with more than one transition selector.");
        }

        foreach (var interaction in builder.Interactions)
        {
            if (interaction.Multiplicity.Transitions > 0 || interaction.Message.Any(node => node.Transitions > 0))
                throw new InvalidOperationException($"{air.Name}: a transition selector in a message on bus {interaction.Bus.Name}.");
        }

        return new AirShape(air, builder, degreeLimit);
    }

    /// <summary>The number of times each kind of node occurs in the constraints and messages, shared nodes counted once.</summary>
    public IReadOnlyDictionary<SymbolicKind, int> CountNodes() =>
        Reachable().CountBy(node => node.Kind).ToDictionary();

    /// <summary>Every node of the constraints and messages once, operands before what uses them.</summary>
    internal List<SymbolicNode> Reachable()
    {
        var seen = new HashSet<SymbolicNode>(ReferenceEqualityComparer.Instance);
        var order = new List<SymbolicNode>();
        var stack = new Stack<(SymbolicNode Node, bool Expanded)>();
        foreach (var root in Constraints.Concat(Interactions.SelectMany(i => i.Message.Prepend(i.Multiplicity))))
        {
            stack.Push((root, false));
            while (stack.TryPop(out var entry))
            {
                if (entry.Expanded)
                {
                    order.Add(entry.Node);
                }
                else if (seen.Add(entry.Node))
                {
                    stack.Push((entry.Node, true));
                    if (entry.Node.Right is { } right)
                        stack.Push((right, false));
                    if (entry.Node.Left is { } left)
                        stack.Push((left, false));
                }
            }
        }

        return order;
    }

    private static int[] Columns(List<SymbolicNode> nodes, SymbolicKind kind) =>
        [.. nodes.Where(node => node.Kind == kind).Select(node => node.Index).Distinct().Order()];

    private static List<int> GroupInteractions(List<InteractionShape> interactions, int degreeLimit)
    {
        var batches = new List<int>();
        var start = 0;
        for (var end = 1; end <= interactions.Count; end++)
        {
            if (end < interactions.Count && Degree(interactions[start..(end + 1)]) <= degreeLimit)
                continue;
            batches.Add(end - start);
            start = end;
        }

        return batches;
    }

    private int BatchDegree(int size, int batch)
    {
        var start = Batches.Take(batch).Sum();
        return Degree([.. Interactions.Skip(start).Take(size)]);
    }

    /// <summary>Degree of φ·Πdᵢ − Σ mᵢ·Π_{k≠i} d_k.</summary>
    private static int Degree(List<InteractionShape> batch)
    {
        var product = batch.Sum(interaction => interaction.FingerprintDegree);
        return Math.Max(1 + product, batch.Max(interaction => interaction.Multiplicity.Degree + product - interaction.FingerprintDegree));
    }
}
