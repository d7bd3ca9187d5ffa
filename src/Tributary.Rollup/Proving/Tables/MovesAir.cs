using Tributary.Finance.State;
using Tributary.Proofs.Air;
using Tributary.Proofs.Fields;
using Tributary.Rollup.Segments;

namespace Tributary.Rollup.Proving.Tables;

/// <summary>
/// Changes of balances, one a row: 128 bits in limbs of 16, with carries; what comes out is in range and nothing is carried out at the top, so no balance
/// falls below zero or wraps around (docs/rollup/air.md, section 4.5).
/// </summary>
internal sealed class MovesAir : IAir
{
    public const int Active = 0;
    public const int Time = 1;
    public const int Account = 2;
    public const int Slot = 3;
    public const int IsDebit = 4;
    public const int Amount = 5;
    public const int Before = Amount + Instruction.AmountLimbs;
    public const int After = Before + Instruction.AmountLimbs;
    public const int Carries = After + Instruction.AmountLimbs;
    public const int TimeBefore = Carries + Instruction.AmountLimbs - 1;
    public const int Columns = TimeBefore + 1;

    /// <summary>The tag of a balance's leaf as <see cref="State.TreeHash"/> has it.</summary>
    public static readonly uint BalanceTag = (uint)LeafKind.Balance | ((uint)Finance.Amounts.Amount.Length << 8);

    public string Name => "moves";

    public int Width => Columns;

    public void Evaluate<TBuilder, T>(ref TBuilder air)
        where TBuilder : struct, IAirBuilder<T>, allows ref struct
        where T : struct, IAlgebra<T>
    {
        var active = air.Main(Active);
        AirAssert.Boolean(ref air, active);

        // after = before ± (amount + carry in − 2¹⁶·carry out); whether it is a debit comes over the bus.
        var sign = T.One - T.Double(air.Main(IsDebit));
        var carry = T.Zero;
        for (var i = 0; i < Instruction.AmountLimbs; i++)
        {
            var change = air.Main(Amount + i) + carry;
            if (i < Instruction.AmountLimbs - 1)
            {
                carry = air.Main(Carries + i);
                AirAssert.Boolean(ref air, carry);
                change -= Cells.Times(carry, 1 << 16);
            }

            air.AssertZero(active * (air.Main(After + i) - air.Main(Before + i) - (sign * change)));
        }

        var cells = default(MessageCells<T>);
        Span<T> message = cells;
        var move = message[..RollupBuses.Moves.Width];
        Cells.Read(ref air, Time, move);
        air.Receive(RollupBuses.Moves, active, move);
        for (var i = 0; i < Instruction.AmountLimbs; i++)
            air.Send(RollupBuses.Range, active, [air.Main(After + i)]);
        air.Send(RollupBuses.Range, active, [air.Main(Time) - air.Main(TimeBefore) - T.One]);

        var cell = message[..RollupBuses.Memory.Width];
        for (var i = 0; i < cell.Length; i++)
            cell[i] = T.Zero;
        (cell[0], cell[1], cell[2], cell[3]) =
            (Cells.Constant<T>(BalanceTag), air.Main(Account), air.Main(Slot), Cells.Constant<T>(LeavesAir.PerBlock));
        Cells.Read(ref air, Before, cell.Slice(4, Instruction.AmountLimbs));
        cell[^1] = air.Main(TimeBefore);
        air.Receive(RollupBuses.Memory, active, cell);
        Cells.Read(ref air, After, cell.Slice(4, Instruction.AmountLimbs));
        cell[^1] = air.Main(Time);
        air.Send(RollupBuses.Memory, active, cell);
    }
}
