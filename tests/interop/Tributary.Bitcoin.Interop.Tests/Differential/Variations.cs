using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Transactions;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;

namespace Tributary.Bitcoin.Interop.Tests.Differential;

/// <summary>Changes to a draft: before signing, so that only the changed rule is at stake, or after, so that signatures break too.</summary>
internal static class Variations
{
    private static readonly Action<SpendDraft, Chance>[] s_beforeSigning =
    [
        static (draft, chance) => draft.Version = chance.Pick<uint>([0u, 1, 3, 4, 0x7fff_ffff, 0xffff_ffff]),
        static (draft, chance) => draft.LockTime = chance.Pick<uint>([1u, 100, 5000, 499_999_999, 500_000_000, 1_600_000_000, 0xffff_ffff]),
        static (draft, chance) => Input(draft, chance).Sequence = chance.Pick<uint>([0u, 1, 5, 100, 0xffff_fffe, 0xffff_ffff, 0x8000_0000, 0x0040_0001, 0x0040_ffff]),
        static (draft, _) => draft.Outputs.Clear(),
        static (draft, chance) => SetValue(draft, chance.Pick([-1L, 0, 1, 239, 240, 293, 294, 329, 330, 545, 546, 2_100_000_000_000_000, 2_100_000_000_000_001, long.MaxValue, long.MinValue])),
        static (draft, _) => draft.Outputs.AddRange(Enumerable.Repeat(draft.Outputs[0] with { Value = new Satoshis(2_000_000_000_000_000) }, 2)),
        static (draft, chance) => AddOutput(draft, StandardScripts.OpReturn(chance.Bytes(chance.Pick([0, 1, 40, 80, 81, 200]))), 0),
        static (draft, chance) => AddOutput(draft, StandardScripts.OpReturn(chance.Bytes(10)), 0, count: 2),
        static (draft, _) => AddOutput(draft, new Script(new byte[] { 0x6a, 0x76 }), 0),
        static (draft, chance) => AddOutput(draft, StandardScripts.P2a, chance.Pick([0L, 239, 240])),
        static (draft, chance) => AddOutput(draft, StandardScripts.P2wpkh(chance.Bytes(20)), chance.Pick([0L, 1, 293, 294]), count: chance.Between(1, 2)),
        static (draft, chance) => AddOutput(draft, StandardScripts.P2tr(chance.Bytes(32)), chance.Pick([329L, 330])),
        static (draft, chance) => AddOutput(draft, StandardScripts.P2pkh(chance.Bytes(20)), chance.Pick([545L, 546])),
        static (draft, chance) => AddOutput(draft, StandardScripts.P2sh(chance.Bytes(20)), chance.Pick([539L, 540])),
        static (draft, chance) => AddOutput(draft, StandardScripts.WitnessProgram(chance.Between(0, 16), chance.Bytes(chance.Between(2, 32))), chance.Pick([250L, 1000])),
        static (draft, chance) => AddOutput(draft, new Script(chance.Bytes(chance.Between(0, 34))), 1000),
        static (draft, chance) => AddOutput(draft, Keys(chance.Between(1, 4)), 1000),
        static (draft, chance) => Fee(draft, chance.Pick([0L, 1, 5, 10, 11, 15, 20])),
        static (draft, chance) => MakeEphemeral(draft, chance),
        static (draft, _) => draft.Inputs.Add(draft.Inputs[0]),
        static (draft, chance) => Input(draft, chance).OutPoint = new OutPoint(new TxId(new Bytes32(chance.Bytes(32))), 0),
        static (draft, chance) => Input(draft, chance).OutPoint = OutPoint.Null,
        static (draft, _) => draft.Outputs[0] = draft.Outputs[0] with { ScriptPubKey = new Script(new byte[] { 0x6a, 0x01, 0x00 }) },
    ];

    private static readonly Action<SpendDraft, Chance>[] s_afterSigning =
    [
        static (draft, chance) => FlipBit(Input(draft, chance).ScriptSig, chance),
        static (draft, chance) => WithItem(draft, chance, static (items, i, dice) => FlipBit(items[i], dice)),
        static (draft, chance) => WithItem(draft, chance, static (items, i, dice) => FlipBit(items[i], dice)),
        static (draft, chance) => WithItem(draft, chance, static (items, i, _) => items.RemoveAt(i)),
        static (draft, chance) => WithItem(draft, chance, static (items, i, _) => items.Insert(i, [])),
        static (draft, chance) => WithItem(draft, chance, static (items, i, dice) => items.Insert(i, dice.Bytes(dice.Pick([1, 32, 64, 80, 81])))),
        static (draft, chance) => WithItem(draft, chance, static (items, i, _) => items[i] = []),
        static (draft, chance) => WithItem(draft, chance, static (items, i, _) => items[i] = [.. items[i], 0]),
        static (draft, chance) => WithItem(draft, chance, static (items, i, _) => items[i] = [.. items[i].SkipLast(1)]),
        static (draft, chance) => WithItem(draft, chance, static (items, i, dice) => items[i] = [.. items[i].SkipLast(1), dice.Pick(new byte[] { 0, 1, 2, 3, 4, 0x81, 0x83, 0xff })]),
        static (draft, chance) => WithItem(draft, chance, static (items, _, _) => items.Reverse()),
        static (draft, chance) => Input(draft, chance).Witness.Add([0x50, 1]),
        static (draft, chance) => Input(draft, chance).Witness.Insert(0, [1]),
        static (draft, chance) => Input(draft, chance).Witness.Clear(),
        static (draft, chance) => Input(draft, chance).ScriptSig = [],
        static (draft, chance) => Prepend(Input(draft, chance), [0x51]),
        static (draft, chance) => Prepend(Input(draft, chance), chance.Pick(new byte[][] { [0x61], [0x50], [0x76], [0x4c, 0x01, 0x05], [0x01, 0x05], [0x4e] })),
        static (draft, chance) => Prepend(Input(draft, chance), [.. Enumerable.Repeat((byte)0x51, 1600)]),
        static (draft, chance) => Input(draft, chance).ScriptSig = [.. Input(draft, chance).ScriptSig, 0x51],
        static (draft, chance) => Input(draft, chance).Sequence ^= 1,
        static (draft, _) => draft.LockTime ^= 1,
        static (draft, _) => draft.Version ^= 1,
        static (draft, _) => SetValue(draft, draft.Outputs[0].Value.Value - 1),
        static (draft, _) => draft.Outputs.Reverse(),
        static (draft, chance) => draft.Outputs.Add(new TxOut(new Satoshis(1000), StandardScripts.P2wpkh(chance.Bytes(20)))),
    ];

    public static void BeforeSigning(SpendDraft draft, Chance chance) => chance.Pick(s_beforeSigning)(draft, chance);

    public static void AfterSigning(SpendDraft draft, Chance chance) => chance.Pick(s_afterSigning)(draft, chance);

    private static DraftInput Input(SpendDraft draft, Chance chance) => chance.Pick(draft.Inputs);

    private static void SetValue(SpendDraft draft, long value) => draft.Outputs[0] = draft.Outputs[0] with { Value = new Satoshis(value) };

    private static void AddOutput(SpendDraft draft, Script script, long value, int count = 1)
    {
        for (var i = 0; i < count; i++)
            draft.Outputs.Add(new TxOut(new Satoshis(value), script));
    }

    private static void Fee(SpendDraft draft, long fee)
    {
        var total = draft.Inputs.Sum(static input => input.Coin.Spent.Output.Value.Value) - draft.Outputs.Skip(1).Sum(static output => output.Value.Value);
        SetValue(draft, total - fee);
    }

    // A parent that only a child can bring into a mempool.
    private static void MakeEphemeral(SpendDraft draft, Chance chance)
    {
        draft.Version = 3;
        AddOutput(draft, StandardScripts.P2a, 0);
        Fee(draft, chance.Pick([0L, 100]));
    }

    private static Script Keys(int count) => StandardScripts.Multisig(1, [.. Enumerable.Range(0, count).Select(static i => new TestKey(i).Compressed)]);

    private static void FlipBit(byte[] bytes, Chance chance)
    {
        if (bytes.Length > 0)
            bytes[chance.Below(bytes.Length)] ^= (byte)(1 << chance.Below(8));
    }

    private static void Prepend(DraftInput input, byte[] bytes) => input.ScriptSig = [.. bytes, .. input.ScriptSig];

    // An item of the witness, or a push of the scriptSig.
    private static void WithItem(SpendDraft draft, Chance chance, Action<List<byte[]>, int, Chance> change)
    {
        var input = Input(draft, chance);
        if (input.Witness.Count > 0)
        {
            input.Witness = [.. input.Witness.Select(static item => item.ToArray())];
            change(input.Witness, chance.Below(input.Witness.Count), chance);
            return;
        }

        var pushes = new List<byte[]>();
        var reader = new ScriptReader(input.ScriptSig);
        while (reader.TryReadNext(out _, out var push))
            pushes.Add(push.ToArray());
        if (pushes.Count == 0)
            return;
        change(pushes, chance.Below(pushes.Count), chance);
        input.ScriptSig = StandardLocks.Pushes([.. pushes]);
    }
}
