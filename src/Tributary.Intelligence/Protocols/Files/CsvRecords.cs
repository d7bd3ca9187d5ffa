using Tributary.Primitives.Results;

namespace Tributary.Intelligence.Protocols.Files;

/// <summary>
/// Reads comma-separated records (RFC 4180) from a stream of UTF-8, one at a time, without a string per field. Fields are valid until the next record.
/// A record longer than a mebibyte, or a quote that never closes, ends the reading with a fault.
/// </summary>
internal sealed class CsvRecords(Stream stream)
{
    private const int MaxRecordLength = 1 << 20;

    private static ReadOnlySpan<byte> ByteOrderMark => "\uFEFF"u8;

    private readonly List<(int Start, int Length)> _fields = [];
    private byte[] _buffer = new byte[1 << 16];
    private int _start;
    private int _filled;
    private bool _atEnd;
    private bool _isPastMark;
    private long _nextLine = 1;

    /// <summary>The number of the record last read, from 1; the header is the first.</summary>
    public int Number { get; private set; }

    /// <summary>The line of the file on which the record last read begins, from 1.</summary>
    public long Line { get; private set; }

    /// <summary>Why the reading ended early, or null.</summary>
    public Refusal? Fault { get; private set; }

    /// <summary>Fields of the record last read.</summary>
    public int Count => _fields.Count;

    /// <summary>A field of the record last read, without its quotes.</summary>
    public ReadOnlySpan<byte> this[int field] => _buffer.AsSpan(_fields[field].Start, _fields[field].Length);

    /// <summary>Reads the next record that is not empty; false at the end and at a fault.</summary>
    public bool TryRead()
    {
        while (Fault is null)
        {
            _fields.Clear();
            var end = FindEnd();
            if (end < 0)
                return false;
            var length = end > _start && _buffer[end - 1] == '\r' ? end - _start - 1 : end - _start;
            var at = _start;
            Line = _nextLine;
            _nextLine += 1 + _buffer.AsSpan(at, length).Count((byte)'\n');
            _start = Math.Min(end + 1, _filled);
            if (!_isPastMark)
            {
                _isPastMark = true;
                if (_buffer.AsSpan(at, length).StartsWith(ByteOrderMark))
                {
                    at += ByteOrderMark.Length;
                    length -= ByteOrderMark.Length;
                }
            }

            if (length == 0)
                continue;
            Number++;
            Split(at, at + length);
            return true;
        }

        return false;
    }

    /// <summary>The place of the line feed that ends the record, or the end of the data; −1 when nothing is left.</summary>
    private int FindEnd()
    {
        var scanned = _start;
        var isQuoted = false;
        while (true)
        {
            for (; scanned < _filled; scanned++)
            {
                var character = _buffer[scanned];
                if (character == '"')
                    isQuoted = !isQuoted;
                else if (character == '\n' && !isQuoted)
                    return scanned;
            }

            if (_atEnd)
                return EndOfData(isQuoted);
            scanned -= _start;
            if (!TryFill())
                return -1;
        }
    }

    private int EndOfData(bool isQuoted)
    {
        if (isQuoted)
            Fault = new Refusal($"line {_nextLine}", "has a quote that is never closed");
        return _start < _filled && !isQuoted ? _filled : -1;
    }

    /// <summary>Moves what is left to the front and reads on; false when the record does not fit.</summary>
    private bool TryFill()
    {
        _buffer.AsSpan(_start, _filled - _start).CopyTo(_buffer);
        _filled -= _start;
        _start = 0;
        if (_filled == _buffer.Length)
        {
            if (_buffer.Length >= MaxRecordLength)
            {
                Fault = new Refusal($"line {_nextLine}", $"is longer than {MaxRecordLength} bytes");
                return false;
            }

            Array.Resize(ref _buffer, 2 * _buffer.Length);
        }

        var read = stream.Read(_buffer, _filled, _buffer.Length - _filled);
        _filled += read;
        _atEnd = read == 0;
        return true;
    }

    private void Split(int at, int end)
    {
        while (true)
        {
            if (at < end && _buffer[at] == '"')
            {
                at = Unquote(at, end);
            }
            else
            {
                var comma = _buffer.AsSpan(at, end - at).IndexOf((byte)',');
                var length = comma < 0 ? end - at : comma;
                _fields.Add((at, length));
                at += length;
            }

            if (at >= end)
                return;
            at++;
            if (at == end)
            {
                _fields.Add((end, 0));
                return;
            }
        }
    }

    /// <summary>Adds a quoted field, its doubled quotes made single in place; gives the place of the comma after it.</summary>
    private int Unquote(int at, int end)
    {
        var start = at;
        var write = at;
        for (at++; at < end; at++)
        {
            if (_buffer[at] == '"')
            {
                if (at + 1 == end || _buffer[at + 1] != '"')
                    break;
                at++;
            }

            _buffer[write++] = _buffer[at];
        }

        _fields.Add((start, write - start));
        var comma = _buffer.AsSpan(at, end - at).IndexOf((byte)',');
        return comma < 0 ? end : at + comma;
    }
}
