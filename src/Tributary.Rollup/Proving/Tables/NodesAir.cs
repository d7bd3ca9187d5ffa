using Tributary.Proofs.Air;
using Tributary.Proofs.Fields;
using Tributary.Rollup.State;

namespace Tributary.Rollup.Proving.Tables;

/// <summary>
/// The nodes of the state tree above the touched leaves, one a row with its digest before and after. A child that is touched comes over the bus; the
/// other is the same before and after. The statement takes the root (docs/rollup/air.md, section 4.8).
/// </summary>
internal sealed class NodesAir : IAir
{
    public const int Active = 0;
    public const int IsSlot = 1;
    public const int LeftTouched = 2;
    public const int RightTouched = 3;
    public const int Upper = 4;
    public const int Lower = 5;
    public const int Account = 6;
    public const int Slot = 7;
    public const int ChildAccount = 8;
    public const int ChildSlot = 9;
    public const int Before = 10;
    public const int DigestBefore = Before + (2 * TreeDigest.Elements);
    public const int After = DigestBefore + TreeDigest.Elements;
    public const int DigestAfter = After + (2 * TreeDigest.Elements);
    public const int Columns = DigestAfter + TreeDigest.Elements;

    /// <summary>Levels above an account's slots, and within.</summary>
    public const int UpperLevels = StateAddress.Depth - StateAddress.SlotBits;
    public const int LowerLevels = StateAddress.SlotBits;

    public string Name => "nodes";

    public int Width => Columns;

    public void Evaluate<TBuilder, T>(ref TBuilder air)
        where TBuilder : struct, IAirBuilder<T>, allows ref struct
        where T : struct, IAlgebra<T>
    {
        T active = air.Main(Active), isSlot = air.Main(IsSlot), isUpper = T.One - isSlot;
        T left = air.Main(LeftTouched), right = air.Main(RightTouched);
        AirAssert.Boolean(ref air, active);
        AirAssert.Boolean(ref air, isSlot);
        AirAssert.Boolean(ref air, left);
        AirAssert.Boolean(ref air, right);
        air.AssertZero(left * (T.One - active));
        air.AssertZero(right * (T.One - active));

        // Levels go down to an account first, then through its slots.
        air.AssertZero(isSlot * air.Main(Upper));
        air.AssertZero(isUpper * (air.Main(Lower) - Cells.Constant<T>(LowerLevels)));
        air.AssertZero(air.Main(ChildAccount) - air.Main(Account) - (isUpper * air.Main(Account)));
        air.AssertZero(air.Main(ChildSlot) - air.Main(Slot) - (isSlot * air.Main(Slot)));

        // A sibling is the same before and after.
        for (var i = 0; i < TreeDigest.Elements; i++)
        {
            air.AssertZero((T.One - left) * (air.Main(After + i) - air.Main(Before + i)));
            air.AssertZero((T.One - right) * (air.Main(After + TreeDigest.Elements + i) - air.Main(Before + TreeDigest.Elements + i)));
        }

        Messages<TBuilder, T>(ref air, active, isSlot, isUpper);
    }

    private static void Messages<TBuilder, T>(ref TBuilder air, T active, T isSlot, T isUpper)
        where TBuilder : struct, IAirBuilder<T>, allows ref struct
        where T : struct, IAlgebra<T>
    {
        var cells = default(MessageCells<T>);
        Span<T> message = cells;
        var node = message[..RollupBuses.Nodes.Width];
        for (var side = 0; side < 2; side++)
        {
            node[0] = air.Main(Upper) - isUpper;
            node[1] = air.Main(Lower) - isSlot;
            node[2] = air.Main(ChildAccount) + (side == 0 ? T.Zero : isUpper);
            node[3] = air.Main(ChildSlot) + (side == 0 ? T.Zero : isSlot);
            Cells.Read(ref air, Before + (side * TreeDigest.Elements), node.Slice(4, TreeDigest.Elements));
            Cells.Read(ref air, After + (side * TreeDigest.Elements), node.Slice(12, TreeDigest.Elements));
            air.Receive(RollupBuses.Nodes, air.Main(side == 0 ? LeftTouched : RightTouched), node);
        }

        Cells.Read(ref air, Upper, node[..4]);
        Cells.Read(ref air, DigestBefore, node.Slice(4, TreeDigest.Elements));
        Cells.Read(ref air, DigestAfter, node.Slice(12, TreeDigest.Elements));
        air.Send(RollupBuses.Nodes, active, node);

        // Children and digest stand side by side.
        var call = message[..RollupBuses.Narrow.Width];
        Cells.Read(ref air, Before, call);
        air.Send(RollupBuses.Narrow, active, call);
        Cells.Read(ref air, After, call);
        air.Send(RollupBuses.Narrow, active, call);
    }
}
