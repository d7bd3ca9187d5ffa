using Tributary.Proofs.Air;
using Tributary.Proofs.Fri;

namespace Tributary.Proofs.Stark;

/// <summary>Everything about a proof that follows from the machine, the parameters and the heights: prover and verifier derive it alike.</summary>
internal sealed class ProofLayout
{
    public ProofLayout(Machine machine, ProofParameters parameters, IReadOnlyList<int> logHeights)
    {
        Machine = machine;
        Parameters = parameters;
        LogHeights = logHeights;
        var matrices = new List<CommittedMatrix>();
        foreach (var tree in Enum.GetValues<TreeKind>())
        {
            for (var table = 0; table < machine.Tables.Count; table++)
            {
                var (width, next) = Columns(machine.Tables[table], tree);
                if (width == 0)
                    continue;
                matrices.Add(new CommittedMatrix(tree, table, logHeights[table], width, next, Openings));
                Openings += width + next.Count;
            }
        }

        Matrices = matrices;
        Trees = [.. matrices.Select(matrix => matrix.Tree).Distinct()];
        Schedule = new FriSchedule(logHeights, parameters.LogFoldingArity, parameters.LogFinalLength);
    }

    public Machine Machine { get; }

    public ProofParameters Parameters { get; }

    /// <summary>log2 of the rows of each table.</summary>
    public IReadOnlyList<int> LogHeights { get; }

    /// <summary>All committed matrices, oracle by oracle and table by table.</summary>
    public IReadOnlyList<CommittedMatrix> Matrices { get; }

    /// <summary>The oracles that are not empty.</summary>
    public IReadOnlyList<TreeKind> Trees { get; }

    /// <summary>Values opened out of domain, over all matrices.</summary>
    public int Openings { get; }

    public FriSchedule Schedule { get; }

    /// <summary>log2 of the tallest table.</summary>
    public int LogMaxHeight => Schedule.LogHeights[0];

    /// <summary>log2 of the points of the tallest table's evaluation domain.</summary>
    public int LogMaxSize => LogMaxHeight + Parameters.LogBlowup;

    /// <summary>The matrices of one oracle.</summary>
    public IEnumerable<CommittedMatrix> InTree(TreeKind tree) => Matrices.Where(matrix => matrix.Tree == tree);

    /// <summary>The matrix of a table in an oracle, or null.</summary>
    public CommittedMatrix? Find(TreeKind tree, int table) => Matrices.FirstOrDefault(matrix => matrix.Tree == tree && matrix.Table == table);

    private static (int Width, IReadOnlyList<int> Next) Columns(AirShape shape, TreeKind tree) => tree switch
    {
        TreeKind.Preprocessed => (shape.Air.PreprocessedWidth, shape.PreprocessedNextColumns),
        TreeKind.Main => (shape.Air.Width, shape.NextColumns),
        TreeKind.Lookup => (shape.LookupWidth, RunningSum(shape.LookupWidth)),
        _ => (shape.QuotientChunks * Extension.Degree, []),
    };

    /// <summary>The last five columns of the lookup argument.</summary>
    private static int[] RunningSum(int width) =>
        width == 0 ? [] : [.. Enumerable.Range(width - Extension.Degree, Extension.Degree)];
}
