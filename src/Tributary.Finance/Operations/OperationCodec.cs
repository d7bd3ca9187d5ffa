using Tributary.Finance.Engine;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Results;

namespace Tributary.Finance.Operations;

/// <summary>
/// Operations as bytes: version, code (2 bytes), 1 and the authorisation or 0, fields; numbers little endian. Each operation has one encoding.
/// </summary>
public static class OperationCodec
{
    /// <summary>The format described here.</summary>
    public const byte Version = 1;

    /// <summary>The longest encoding: a transfer to the most recipients.</summary>
    public const int MaxLength = 8192;

    /// <summary>Appends the encoding.</summary>
    public static void Write(ByteWriter writer, in OperationRequest request)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteByte(Version);
        writer.WriteUInt16LittleEndian((ushort)request.Operation.Code);
        writer.WriteByte(request.Authorisation is null ? (byte)0 : (byte)1);
        if (request.Authorisation is { } authorisation)
        {
            writer.WriteAccount(authorisation.Account);
            writer.WriteUInt32LittleEndian(authorisation.Index);
            writer.WriteAmount(authorisation.Fee);
            writer.WriteUInt32LittleEndian(authorisation.Expiry);
        }

        request.Operation.WriteBody(writer);
    }

    /// <summary>The encoding.</summary>
    public static byte[] Write(in OperationRequest request)
    {
        var writer = new ByteWriter(128);
        Write(writer, request);
        return writer.ToArray();
    }

    /// <summary>Reads one operation of the modules of a table; the bytes hold nothing else.</summary>
    public static Result<OperationRequest, Refusal> Read(ModuleTable modules, ReadOnlySpan<byte> bytes)
    {
        ArgumentNullException.ThrowIfNull(modules);
        if (bytes.Length > MaxLength)
            return new Refusal("length", $"an operation has at most {MaxLength} bytes");
        var reader = new SpanReader(bytes);
        if (!reader.TryReadByte(out var version) || version != Version)
            return new Refusal("version", $"only version {Version} of an operation is known");
        if (!reader.TryReadUInt16LittleEndian(out var code) || modules.Find((OperationCode)code) is not { } handler)
            return new Refusal("operation", "no module takes an operation of this code");
        if (!reader.TryReadByte(out var tag) || tag > 1)
            return new Refusal("authorisation", "neither there nor absent");
        Authorisation? authorisation = null;
        if (tag == 1)
        {
            if (!reader.TryReadAccount(out var account)
                || !reader.TryReadUInt32LittleEndian(out var index)
                || !reader.TryReadAmount(out var fee)
                || !reader.TryReadUInt32LittleEndian(out var expiry))
                return new Refusal("authorisation", "cut short");
            authorisation = new Authorisation(account, index, fee, expiry);
        }

        if (handler.ReadBody(ref reader) is not { } operation)
            return new Refusal("operation", $"the fields of {handler.Code} are cut short or not in their one form");
        return reader.IsAtEnd ? new OperationRequest(operation, authorisation) : new Refusal("end", $"{reader.Remaining} bytes behind the operation");
    }
}
