using System.Text.Json.Serialization;
using EcoLabelRegistry.Resources;

namespace EcoLabelRegistry.Http;

/// <summary>A refusal as a client reads it (RFC 9457), alone or as the answer to one row of many.</summary>
public sealed record ProblemDocument
{
    /// <summary>The media type of problem documents.</summary>
    public const string MediaType = "application/problem+json";

    /// <summary>Address of the page that explains the problem.</summary>
    public required string Type { get; init; }

    /// <summary>The problem in a few words, the same for every request.</summary>
    public required string Title { get; init; }

    /// <summary>The HTTP status.</summary>
    public required int Status { get; init; }

    /// <summary>What is wrong in this request, and what would be right.</summary>
    public required string Detail { get; init; }

    /// <summary>The problem, for programs.</summary>
    public required ProblemCode Code { get; init; }

    /// <summary>What is wrong with which parameter or member.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, IReadOnlyList<string>>? Errors { get; init; }

    /// <summary>Codes that resemble the one given, nearest first.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Suggestions { get; init; }

    /// <summary>The records that fit, when several do.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<object>? Candidates { get; init; }

    /// <summary>The first rows that could not be taken, when a list was sent.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<RejectedRow>? Rejected { get; init; }

    /// <summary>How many rows could not be taken, when a list was sent.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? RejectedTotal { get; init; }

    /// <summary>Finds the request in the service's log.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? TraceId { get; init; }

    /// <summary>The refusal in a language.</summary>
    public static ProblemDocument Of(RefusalException refusal, Language language, string? traceId) => new()
    {
        Type = "/problems/" + Recognition.Code.Of(refusal.ProblemCode),
        Title = Texts.Of(refusal.ProblemCode, language),
        Status = refusal.ProblemCode.Status(),
        Detail = refusal.Detail.In(language),
        Code = refusal.ProblemCode,
        Errors = refusal.Faults.Count == 0 ? null : refusal.Faults
            .GroupBy(fault => fault.Member, StringComparer.Ordinal)
            .ToDictionary(
                member => member.Key,
                IReadOnlyList<string> (member) => [.. member.Select(fault => fault.Message.In(language)).Distinct(StringComparer.Ordinal)],
                StringComparer.Ordinal),
        Suggestions = refusal.Suggestions.Count == 0 ? null : refusal.Suggestions,
        Candidates = refusal.Candidates.Count == 0 ? null : refusal.Candidates,
        Rejected = refusal.Rejected.Count == 0 ? null : refusal.Rejected,
        RejectedTotal = refusal.Rejected.Count == 0 ? null : refusal.RejectedTotal,
        TraceId = traceId,
    };
}

/// <summary>A row of many that could not be taken.</summary>
/// <param name="Line">Where it begins in the body, from 1.</param>
/// <param name="Code">Why, for programs.</param>
/// <param name="Message">What is wrong with it, and what would be right.</param>
/// <param name="Errors">What is wrong with which member or column.</param>
public sealed record RejectedRow(long Line, ProblemCode Code, string Message, IReadOnlyDictionary<string, IReadOnlyList<string>>? Errors);
