using Tributary.Proofs.Air;
using Tributary.Proofs.Fields;
using Tributary.Rollup.State;

namespace Tributary.Rollup.Proving.Tables;

/// <summary>
/// The leaves that a segment touches, a row for each block of sixteen elements: opened under the root before, closed under the root after. A row puts
/// its cell into memory at time 0 and takes the last value out; the last row of a leaf gives both digests to the tree (docs/rollup/air.md, section 4.7).
/// </summary>
internal sealed class LeavesAir : IAir
{
    public const int Active = 0;
    public const int First = 1;
    public const int Last = 2;
    public const int Tag = 3;
    public const int Account = 4;
    public const int Slot = 5;
    public const int Block = 6;
    public const int EmptyBefore = 7;
    public const int EmptyAfter = 8;
    public const int Filled = 9;
    public const int Time = 10;
    public const int ChainBefore = 11;
    public const int Before = ChainBefore + TreeDigest.Elements;
    public const int DigestBefore = Before + TreeHash.BlockElements;
    public const int ChainAfter = DigestBefore + TreeDigest.Elements;
    public const int After = ChainAfter + TreeDigest.Elements;
    public const int DigestAfter = After + TreeHash.BlockElements;
    public const int Weights = DigestAfter + TreeDigest.Elements;
    public const int Blocks = Weights + TreeHash.BlockElements;
    public const int Columns = Blocks + 1;

    /// <summary>How memory names a block: its place, and this many times the blocks of its leaf.</summary>
    public const uint PerBlock = 1 << 8;

    public string Name => "leaves";

    public int Width => Columns;

    public void Evaluate<TBuilder, T>(ref TBuilder air)
        where TBuilder : struct, IAirBuilder<T>, allows ref struct
        where T : struct, IAlgebra<T>
    {
        T active = air.Main(Active), first = air.Main(First), last = air.Main(Last);
        AirAssert.Boolean(ref air, active);
        foreach (var flag in (ReadOnlySpan<int>)[First, Last, EmptyBefore, EmptyAfter])
        {
            AirAssert.Boolean(ref air, air.Main(flag));
            air.AssertZero(air.Main(flag) * (T.One - active));
        }

        // The blocks of a leaf follow each other.
        var goesOn = active - last;
        air.AssertZero(goesOn * (T.One - air.Next(Active)));
        air.AssertZero(goesOn * air.Next(First));
        air.AssertZero((air.Next(Active) - air.Next(First)) * (T.One - goesOn));
        foreach (var column in (ReadOnlySpan<int>)[Tag, Account, Slot, EmptyBefore, EmptyAfter, Blocks])
            air.AssertZero(goesOn * (air.Next(column) - air.Main(column)));
        air.AssertZero(goesOn * (air.Next(Block) - air.Main(Block) - T.One));
        air.AssertZero(first * air.Main(Block));
        air.AssertZero(last * (air.Main(Blocks) - air.Main(Block) - T.One));
        Hashes<TBuilder, T>(ref air, ChainBefore, DigestBefore);
        Hashes<TBuilder, T>(ref air, ChainAfter, DigestAfter);
        Empty<TBuilder, T>(ref air, EmptyBefore, Before, DigestBefore);
        Empty<TBuilder, T>(ref air, EmptyAfter, After, DigestAfter);

        // A leaf that is not empty holds something in its first block, so that equal states have one root.
        var filled = air.Main(Filled);
        air.AssertZero(filled - (first * (T.One - air.Main(EmptyAfter))));
        var something = T.Zero;
        for (var i = 0; i < TreeHash.BlockElements; i++)
            something += air.Main(Weights + i) * air.Main(After + i);
        air.AssertZero(filled * (something - T.One));
        Messages<TBuilder, T>(ref air);
    }

    private static void Hashes<TBuilder, T>(ref TBuilder air, int chain, int digest)
        where TBuilder : struct, IAirBuilder<T>, allows ref struct
        where T : struct, IAlgebra<T>
    {
        T first = air.Main(First), goesOn = air.Main(Active) - air.Main(Last);
        for (var i = 0; i < TreeDigest.Elements; i++)
        {
            var start = i switch
            {
                0 => Cells.Constant<T>(TreeHash.LeafDomain),
                1 => air.Main(Tag),
                _ => T.Zero,
            };
            air.AssertZero(first * (air.Main(chain + i) - start));
            air.AssertZero(goesOn * (air.Next(chain + i) - air.Main(digest + i)));
        }
    }

    /// <summary>An empty leaf holds nothing and has the digest of the empty leaf.</summary>
    private static void Empty<TBuilder, T>(ref TBuilder air, int flag, int elements, int digest)
        where TBuilder : struct, IAirBuilder<T>, allows ref struct
        where T : struct, IAlgebra<T>
    {
        var empty = air.Main(flag);
        for (var i = 0; i < TreeHash.BlockElements; i++)
            air.AssertZero(empty * air.Main(elements + i));
        var nothing = TreeHash.Empty(0);
        for (var i = 0; i < TreeDigest.Elements; i++)
            air.AssertZero(empty * air.Main(Last) * (air.Main(digest + i) - T.FromBase(nothing.Span[i])));
    }

    private static void Messages<TBuilder, T>(ref TBuilder air)
        where TBuilder : struct, IAirBuilder<T>, allows ref struct
        where T : struct, IAlgebra<T>
    {
        var active = air.Main(Active);
        var cells = default(MessageCells<T>);
        Span<T> message = cells;
        var cell = message[..RollupBuses.Memory.Width];
        Cells.Read(ref air, Tag, cell[..3]);
        cell[3] = air.Main(Block) + Cells.Times(air.Main(Blocks), PerBlock);
        Cells.Read(ref air, Before, cell.Slice(4, TreeHash.BlockElements));
        cell[^1] = T.Zero;
        air.Send(RollupBuses.Memory, active, cell);
        Cells.Read(ref air, After, cell.Slice(4, TreeHash.BlockElements));
        cell[^1] = air.Main(Time);
        air.Receive(RollupBuses.Memory, active, cell);

        // Chaining value, block and digest stand side by side.
        var call = message[..RollupBuses.Wide.Width];
        Cells.Read(ref air, ChainBefore, call);
        air.Send(RollupBuses.Wide, active - air.Main(EmptyBefore), call);
        Cells.Read(ref air, ChainAfter, call);
        air.Send(RollupBuses.Wide, active - air.Main(EmptyAfter), call);

        var node = message[..RollupBuses.Nodes.Width];
        node[0] = T.Zero;
        node[1] = T.Zero;
        Cells.Read(ref air, Account, node.Slice(2, 2));
        Cells.Read(ref air, DigestBefore, node.Slice(4, TreeDigest.Elements));
        Cells.Read(ref air, DigestAfter, node.Slice(12, TreeDigest.Elements));
        air.Send(RollupBuses.Nodes, air.Main(Last), node);
    }
}
