using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Tests.Transactions;

namespace Tributary.Bitcoin.Tests.Scripts;

public sealed class StandardScriptsTests
{
    private static readonly byte[] s_key = Samples.Key(1).PublicKey.ToBytes();
    private static readonly byte[] s_hash20 = [.. Enumerable.Repeat((byte)7, 20)];
    private static readonly byte[] s_hash32 = [.. Enumerable.Repeat((byte)9, 32)];

    public static TheoryData<string, ScriptType, string> Forms => new()
    {
        { StandardScripts.P2pk(s_key).ToHex(), ScriptType.PubKey, Convert.ToHexStringLower(s_key) },
        { StandardScripts.P2pkh(s_hash20).ToHex(), ScriptType.PubKeyHash, Convert.ToHexStringLower(s_hash20) },
        { StandardScripts.P2sh(s_hash20).ToHex(), ScriptType.ScriptHash, Convert.ToHexStringLower(s_hash20) },
        { StandardScripts.P2wpkh(s_hash20).ToHex(), ScriptType.WitnessV0KeyHash, Convert.ToHexStringLower(s_hash20) },
        { StandardScripts.P2wsh(s_hash32).ToHex(), ScriptType.WitnessV0ScriptHash, Convert.ToHexStringLower(s_hash32) },
        { StandardScripts.P2tr(s_hash32).ToHex(), ScriptType.WitnessV1Taproot, Convert.ToHexStringLower(s_hash32) },
        { StandardScripts.P2a.ToHex(), ScriptType.Anchor, "" },
        { StandardScripts.OpReturn([1, 2, 3]).ToHex(), ScriptType.NullData, "" },
        { "6a", ScriptType.NullData, "" },
        { "6a51", ScriptType.NullData, "" },
        { "6a76", ScriptType.NonStandard, "" },
        { "6a05aa", ScriptType.NonStandard, "" },
        { StandardScripts.WitnessProgram(16, s_hash20).ToHex(), ScriptType.WitnessUnknown, "10" },
        { StandardScripts.WitnessProgram(1, s_hash20).ToHex(), ScriptType.WitnessUnknown, "01" },
        { StandardScripts.WitnessProgram(0, [1, 2, 3]).ToHex(), ScriptType.NonStandard, "" },
        { "", ScriptType.NonStandard, "" },
        { "51", ScriptType.NonStandard, "" },
        { "21" + new string('5', 66) + "ac", ScriptType.NonStandard, "" },
    };

    [Theory]
    [MemberData(nameof(Forms))]
    public void A_script_is_recognised_with_what_is_in_it(string hex, ScriptType type, string first)
    {
        var solution = StandardScripts.Classify(new Script(Convert.FromHexString(hex)));

        Assert.Equal(type, solution.Type);
        Assert.Equal(first, Convert.ToHexStringLower(solution.First.Span));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 3)]
    [InlineData(16, 17)]
    [InlineData(20, 20)]
    public void A_multisig_gives_back_its_keys_and_threshold(int required, int count)
    {
        var keys = Enumerable.Range(1, count).Select(static i => Samples.Key((byte)i).PublicKey.ToBytes()).ToArray();
        var script = StandardScripts.Multisig(required, keys);
        var solution = StandardScripts.Classify(script);

        Assert.Equal(ScriptType.Multisig, solution.Type);
        Assert.Equal(required, solution.RequiredSignatures);
        Assert.Equal(keys, solution.Keys.ToArray().Select(static key => key.ToArray()));
        Assert.Equal(count <= 16 ? count : 20, script.CountSigOps(accurate: true));
        Assert.Equal(20, script.CountSigOps(accurate: false));
    }

    [Theory]
    [InlineData("ae")]
    [InlineData("5151ae")]
    [InlineData("00210279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f8179851ae")]
    [InlineData("52210279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f8179851ae")]
    [InlineData("51210279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f8179852ae")]
    [InlineData("51210279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f817980101ae")]
    [InlineData("51210279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f8179851aeae")]
    public void What_only_looks_like_a_multisig_is_none(string hex) =>
        Assert.Equal(ScriptType.NonStandard, StandardScripts.Classify(new Script(Convert.FromHexString(hex))).Type);

    [Fact]
    public void Hashes_and_thresholds_of_other_sizes_are_refused()
    {
        Assert.Throws<ArgumentException>(static () => StandardScripts.P2pkh(new byte[32]));
        Assert.Throws<ArgumentException>(static () => StandardScripts.P2tr(new byte[33]));
        Assert.Throws<ArgumentException>(static () => StandardScripts.WitnessProgram(2, [1]));
        Assert.Throws<ArgumentOutOfRangeException>(static () => StandardScripts.Multisig(2, s_key));
        Assert.Throws<ArgumentOutOfRangeException>(static () => StandardScripts.Multisig(0, s_key));
    }

    [Fact]
    public void Names_of_opcodes_read_back()
    {
        foreach (var opcode in Enum.GetValues<Opcode>().Where(static opcode => opcode >= Opcode.Nop && opcode != Opcode.Invalid))
        {
            Assert.True(OpcodeNames.TryParse(opcode.GetName(), out var read));
            Assert.Equal(opcode, read);
        }

        Assert.Equal("OP_2DROP", Opcode.Drop2.GetName());
        Assert.Equal("OP_0NOTEQUAL", Opcode.NotEqual0.GetName());
        Assert.Equal("OP_DUP OP_HASH160 0707070707070707070707070707070707070707 OP_EQUALVERIFY OP_CHECKSIG", StandardScripts.P2pkh(s_hash20).ToAssembly());
        Assert.Equal("1 [error]", new Script(new byte[] { 0x51, 0x05 }).ToAssembly());
    }

    [Fact]
    public void Flags_and_errors_have_Bitcoin_Cores_names()
    {
        foreach (var flag in ScriptFlagNames.Each)
        {
            Assert.True(ScriptFlagNames.TryParse(flag.GetNames(), out var read));
            Assert.Equal(flag, read);
        }

        Assert.Equal(21, ScriptFlagNames.Each.Count);
        Assert.Equal("P2SH,WITNESS", (ScriptFlags.P2sh | ScriptFlags.Witness).GetNames());
        foreach (var error in Enum.GetValues<ScriptError>())
        {
            Assert.True(ScriptErrorText.TryParse(error.GetName(), out var read));
            Assert.Equal(error, read);
            Assert.NotEmpty(error.GetMessage());
        }
    }
}
