using FsCheck;
using FsCheck.Fluent;
using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Scripts.Execution;
using Tributary.Bitcoin.Tests.Transactions;

namespace Tributary.Bitcoin.Tests.Scripts.Execution;

public sealed class ScriptMachinePartsTests
{
    [Fact]
    public void The_nesting_of_branches_is_what_a_list_of_them_says() =>
        Check.QuickThrowOnFailure(Prop.ForAll((byte[] steps) =>
        {
            var branches = new List<bool>();
            var stack = default(ConditionStack);
            foreach (var step in steps)
            {
                switch (step % 4)
                {
                    case 0 or 1:
                        branches.Add(step % 4 == 0);
                        stack.Push(step % 4 == 0);
                        break;
                    case 2 when branches.Count > 0:
                        branches[^1] = !branches[^1];
                        stack.Toggle();
                        break;
                    case 3 when branches.Count > 0:
                        branches.RemoveAt(branches.Count - 1);
                        stack.Pop();
                        break;
                    default:
                        break;
                }

                if (stack.IsEmpty != (branches.Count == 0) || stack.AllTrue != branches.TrueForAll(static branch => branch))
                    return false;
            }

            return true;
        }));

    [Theory]
    [InlineData("02aabb", "aabb", "")]
    [InlineData("5102aabb5202aabb", "aabb", "5152")]
    [InlineData("02aabb02aabb", "aabb", "")]
    [InlineData("0302aabb", "aabb", null)]
    [InlineData("51", "aabb", null)]
    [InlineData("005100", "", "51")]
    [InlineData("02aabb05aa", "aabb", "05aa")]
    public void A_signature_is_deleted_where_an_operation_begins(string script, string signature, string? expected)
    {
        var found = ScriptCode.TryDeletePushes(Convert.FromHexString(script), Convert.FromHexString(signature), out var shorter);

        Assert.Equal(expected is not null, found);
        Assert.Equal(expected ?? script, Convert.ToHexStringLower(shorter));
    }

    [Theory]
    [InlineData("300602010102010101", true)]
    [InlineData("3006020101020101", false)]
    [InlineData("310602010102010101", false)]
    [InlineData("300702010102010101", false)]
    [InlineData("300602018102010101", false)]
    [InlineData("30070202000102010101", false)]
    [InlineData("30070202008102010101", true)]
    [InlineData("300602010102018101", false)]
    [InlineData("30050200020101ff01", false)]
    [InlineData("300603010102010101", false)]
    [InlineData("300602010103010101", false)]
    [InlineData("3008020101020101000001", false)]
    public void Only_one_way_to_write_a_signature_is_strict(string signature, bool isStrict) =>
        Assert.Equal(isStrict, SignatureEncoding.IsStrictDer(Convert.FromHexString(signature)));

    [Fact]
    public void Signature_rules_come_in_order()
    {
        var low = Samples.SignEcdsa(Samples.Key(3), default, SighashType.All);
        Assert.Equal(ScriptError.Ok, SignatureEncoding.CheckSignature(low, ScriptFlags.Standard));
        Assert.Equal(ScriptError.Ok, SignatureEncoding.CheckSignature([], ScriptFlags.Standard));
        Assert.Equal(ScriptError.SigDer, SignatureEncoding.CheckSignature([1], ScriptFlags.DerSig));
        Assert.Equal(ScriptError.Ok, SignatureEncoding.CheckSignature([1], ScriptFlags.None));
        low[^1] = 0;
        Assert.Equal(ScriptError.SigHashType, SignatureEncoding.CheckSignature(low, ScriptFlags.StrictEnc));
        Assert.Equal(ScriptError.Ok, SignatureEncoding.CheckSignature(low, ScriptFlags.LowS));
    }
}
