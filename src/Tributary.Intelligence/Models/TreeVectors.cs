using System.Collections.Immutable;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Tributary.Intelligence.Models;

/// <summary>
/// Trees without branches, for AVX-512. All questions of a tree are answered at once: the row lies in registers, a permutation brings each node its
/// feature, one comparison gives a bit per node. A leaf is then the one whose path asks for just these bits; sixteen leaves are compared at once.
/// Nothing depends on what the row says, so trees overlap in the pipeline. Trees of at most 32 leaves over at most 64 features.
/// </summary>
internal sealed unsafe class TreeVectors
{
    /// <summary>Leaves of a tree at most: a bit per node in 32 bits.</summary>
    public const int MaxLeaves = 32;

    /// <summary>Features of a row at most: four registers.</summary>
    public const int MaxFeatures = 64;

    private const int CacheLineBytes = 64;

    private readonly byte[] _memory;
    private readonly byte* _trees;
    private readonly int _treeCount;
    private readonly int _registers;
    private readonly CategoryQuestion[] _questions;

    /// <param name="trees">Trees for which <see cref="Fits"/> holds.</param>
    /// <param name="featureCount">Features of a row.</param>
    public TreeVectors(ImmutableArray<DecisionTree> trees, int featureCount)
    {
        _treeCount = trees.Length;
        _registers = featureCount <= 16 ? 1 : featureCount <= 32 ? 2 : 4;
        _memory = GC.AllocateArray<byte>((trees.Length * sizeof(Tree)) + CacheLineBytes, pinned: true);
        var start = (nuint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_memory));
        _trees = (byte*)((start + CacheLineBytes - 1) & ~(nuint)(CacheLineBytes - 1));
        var questions = new List<CategoryQuestion>();
        for (var i = 0; i < trees.Length; i++)
            Fill(ref ((Tree*)_trees)[i], trees[i], questions);
        _questions = [.. questions];
    }

    /// <summary>Whether this machine and these trees can be scored so.</summary>
    public static bool Fits(ImmutableArray<DecisionTree> trees, int featureCount) =>
        Avx512F.IsSupported && featureCount <= MaxFeatures && trees.All(tree => tree.LeafValues.Length <= MaxLeaves);

    /// <summary>The sum of the leaves that a row falls into, in the order of the trees.</summary>
    [SkipLocalsInit]
    public double Sum(ReadOnlySpan<float> row)
    {
        var padded = stackalloc float[MaxFeatures];
        var used = 16 * _registers;
        var hasMissing = false;
        for (var i = 0; i < row.Length; i++)
        {
            padded[i] = row[i];
            hasMissing |= float.IsNaN(row[i]);
        }

        for (var i = row.Length; i < used; i++)
            padded[i] = 0;
        return _registers switch
        {
            1 => Sum1(padded, hasMissing),
            2 => Sum2(padded, hasMissing),
            _ => Sum4(padded, hasMissing),
        };
    }

    private double Sum1(float* row, bool hasMissing)
    {
        var register = Vector512.Load(row);
        double sum = 0;
        var tree = (Tree*)_trees;
        for (var i = 0; i < _treeCount; i++, tree++)
        {
            var low = Avx512F.PermuteVar16x32(register, Features(tree, 0));
            var high = Avx512F.PermuteVar16x32(register, Features(tree, 16));
            sum += Leaf(tree, low, high, row, hasMissing);
        }

        return sum;
    }

    private double Sum2(float* row, bool hasMissing)
    {
        var first = Vector512.Load(row);
        var second = Vector512.Load(row + 16);
        double sum = 0;
        var tree = (Tree*)_trees;
        for (var i = 0; i < _treeCount; i++, tree++)
        {
            var low = Avx512F.PermuteVar16x32x2(first, Features(tree, 0), second);
            var high = Avx512F.PermuteVar16x32x2(first, Features(tree, 16), second);
            sum += Leaf(tree, low, high, row, hasMissing);
        }

        return sum;
    }

    private double Sum4(float* row, bool hasMissing)
    {
        var first = Vector512.Load(row);
        var second = Vector512.Load(row + 16);
        var third = Vector512.Load(row + 32);
        var fourth = Vector512.Load(row + 48);
        double sum = 0;
        var tree = (Tree*)_trees;
        for (var i = 0; i < _treeCount; i++, tree++)
            sum += Leaf(tree, Pick(Features(tree, 0)), Pick(Features(tree, 16)), row, hasMissing);
        return sum;

        // A permutation of two registers looks at five bits of the index; the sixth chooses between two such pairs.
        Vector512<float> Pick(Vector512<int> features) => Vector512.ConditionalSelect(
            Vector512.LessThan(features, Vector512.Create(32)).AsSingle(),
            Avx512F.PermuteVar16x32x2(first, features, second),
            Avx512F.PermuteVar16x32x2(third, features, fourth));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Features(Tree* tree, int node) => Avx512F.ConvertToVector512Int32(Vector128.Load(tree->Features + node));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private double Leaf(Tree* tree, Vector512<float> low, Vector512<float> high, float* row, bool hasMissing)
    {
        var bits = Bits(
            Vector512.LessThanOrEqual(low, Vector512.Load(tree->Thresholds)),
            Vector512.LessThanOrEqual(high, Vector512.Load(tree->Thresholds + 16)));
        if (hasMissing)
            bits |= Bits(~Vector512.Equals(low, low), ~Vector512.Equals(high, high)) & tree->MissingLeft;
        if (tree->QuestionCount > 0)
            bits |= AskCategories(tree, row);

        var answer = Vector512.Create(bits);
        var leaves = Bits(
            Vector512.Equals(answer & Vector512.Load(tree->PathNodes), Vector512.Load(tree->PathAnswers)).AsSingle(),
            Vector512.Equals(answer & Vector512.Load(tree->PathNodes + 16), Vector512.Load(tree->PathAnswers + 16)).AsSingle());
        return tree->LeafValues[BitOperations.TrailingZeroCount(leaves)];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Bits(Vector512<float> low, Vector512<float> high) =>
        (uint)low.ExtractMostSignificantBits() | ((uint)high.ExtractMostSignificantBits() << 16);

    private uint AskCategories(Tree* tree, float* row)
    {
        uint bits = 0;
        foreach (ref readonly var question in _questions.AsSpan(tree->FirstQuestion, tree->QuestionCount))
        {
            var value = row[question.Feature];
            if (!float.IsNaN(value) && question.Set.Contains(value))
                bits |= 1u << question.Node;
        }

        return bits;
    }

    private static void Fill(ref Tree target, DecisionTree tree, List<CategoryQuestion> questions)
    {
        target.FirstQuestion = questions.Count;
        for (var node = 0; node < MaxLeaves; node++)
            target.Thresholds[node] = float.NaN; // Nothing compares with NaN: the bit stays for the categories to set.
        for (var node = 0; node < tree.Nodes.Length; node++)
        {
            var question = tree.Nodes[node];
            target.Features[node] = (byte)question.Feature;
            if (question.MissingLeft)
                target.MissingLeft |= 1u << node;
            if (question.Categories is { } set)
                questions.Add(new CategoryQuestion(node, question.Feature, set));
            else
                target.Thresholds[node] = question.Threshold;
        }

        target.QuestionCount = questions.Count - target.FirstQuestion;

        // A leaf that does not exist asks for an answer that no row gives.
        for (var leaf = 0; leaf < MaxLeaves; leaf++)
            (target.PathNodes[leaf], target.PathAnswers[leaf]) = (0, 1);
        Span<(int At, uint Nodes, uint Answers)> open = stackalloc (int, uint, uint)[MaxLeaves];
        open[0] = (tree.Nodes.IsEmpty ? ~0 : 0, 0, 0);
        for (var count = 1; count > 0;)
        {
            var (at, nodes, answers) = open[--count];
            if (at < 0)
            {
                (target.PathNodes[~at], target.PathAnswers[~at], target.LeafValues[~at]) = (nodes, answers, tree.LeafValues[~at]);
                continue;
            }

            open[count++] = (tree.Nodes[at].Left, nodes | (1u << at), answers | (1u << at));
            open[count++] = (tree.Nodes[at].Right, nodes | (1u << at), answers);
        }
    }

    /// <summary>A tree of at most 32 leaves; a multiple of a cache line, each array on a line's boundary.</summary>
    private struct Tree
    {
        public fixed float Thresholds[32];

        /// <summary>The nodes on the way to each leaf.</summary>
        public fixed uint PathNodes[32];

        /// <summary>Those of them at which the way goes left.</summary>
        public fixed uint PathAnswers[32];

        public fixed byte Features[32];

        public uint MissingLeft;
        public int FirstQuestion;
        public int QuestionCount;
        private fixed byte _padding[20];

        public fixed double LeafValues[32];
    }

    private readonly record struct CategoryQuestion(int Node, int Feature, CategorySet Set);
}
