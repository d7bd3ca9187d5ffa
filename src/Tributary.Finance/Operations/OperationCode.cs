namespace Tributary.Finance.Operations;

/// <summary>What an operation asks for: the module in the high byte. The numbers are part of every encoding and never change their meaning.</summary>
public enum OperationCode : ushort
{
    /// <summary>Not an operation.</summary>
    None = 0,
    RegisterAccount = 0x0101,
    RotateKey = 0x0102,
    CreateAsset = 0x0201,
    Issue = 0x0202,
    Retire = 0x0203,
    Deposit = 0x0204,
    Withdraw = 0x0205,
    Transfer = 0x0301,
    TransferMany = 0x0302,
    LockHtlc = 0x0401,
    ClaimHtlc = 0x0402,
    RefundHtlc = 0x0403,
    CreatePool = 0x0501,
    AddLiquidity = 0x0502,
    RemoveLiquidity = 0x0503,
    Swap = 0x0504,
    Donate = 0x0505,
    Skim = 0x0506,
    Sync = 0x0507,
    SetPoolFeeRecipient = 0x0508,
}
