using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Recognition;
using EcoLabelRegistry.Snapshot;
using FluentValidation;
using MediatR;

namespace EcoLabelRegistry.Agreements;

/// <summary>What a scheme declares that becomes a party.</summary>
public sealed record AccessionBody : Sourced
{
    /// <summary>Code of the scheme.</summary>
    public string? Scheme { get; init; }

    /// <summary>First day as a party.</summary>
    public PartialDate? Effective { get; init; }

    /// <summary>What it accepts of parties, and they of it.</summary>
    public IReadOnlyList<GrantEntry>? Grants { get; init; }

    /// <summary>The hash that a signature covers: of the whole body in canonical JSON.</summary>
    public string TextHash() => CanonicalJson.Digest(RecordJson.Node(this));
}

/// <summary>Accedes to a multilateral agreement: signed by the caller's side, in effect when every party present has signed it.</summary>
public static class AccedeToAgreement
{
    /// <param name="Agreement">Code of the agreement.</param>
    /// <param name="Body">Who accedes, and with which lines.</param>
    /// <param name="Actor">Who writes.</param>
    public sealed record Request(string Agreement, AccessionBody Body, Actor Actor) : IRequest<Response>;

    /// <param name="TextHash">What the parties sign.</param>
    /// <param name="Revision">The revision that this made.</param>
    public sealed record Response(string TextHash, long Revision);

    internal sealed class Validator : AbstractValidator<Request>
    {
        public Validator() => RuleFor(r => r.Body).SetValidator(new Body()).OverridePropertyName("");

        private sealed class Body : SourcedRules<AccessionBody>
        {
            public Body()
            {
                RuleFor(a => a.Scheme).Required().IsCode();
                RuleFor(a => a.Effective).Required();
                RuleFor(a => a.Grants).AreDistinctBy(g => g.Id);
                RuleForEach(a => a.Grants).Required().SetValidator(new GrantRules.Grant());
            }
        }
    }

    internal sealed class Handler(ChangeLog log) : IRequestHandler<Request, Response>
    {
        public Task<Response> Handle(Request request, CancellationToken cancel) => log.WriteAsync(
            async write =>
            {
                var body = request.Body;
                var before = write.Registry.Agreements.GetValueOrDefault(request.Agreement)?.Entry ?? throw Refusal.NotFound(Thing.Agreement, request.Agreement);
                Check(write.Registry, before, body);
                var hash = body.TextHash();
                var after = before.Accede(body);
                var signers = request.Actor.SchemesAmong(write.Registry, after.Accessions![^1].Needs!);
                await write.PutAsync(RecordKind.Agreement, request.Agreement, after.Sign(hash, signers, write.At, request.Actor));
                await write.AppendAsync(request.Actor, "agreement-acceded", Subjects.Of(RecordKind.Agreement, request.Agreement), RecordJson.Node(body));
                return new Response(hash, write.Revision);
            },
            cancel);

        private static void Check(RegistryAt registry, AgreementEntry agreement, AccessionBody body)
        {
            registry.Schemes.Require(Thing.Scheme, "scheme", body.Scheme);
            if (agreement.Kind != AgreementKind.Multilateral)
            {
                throw Refusal.NotPossible("scheme", new Message("fault.not-multilateral"));
            }

            if (agreement.IsPresent(body.Scheme!) || (agreement.Accessions ?? []).Any(a => a.Scheme == body.Scheme && !a.IsSigned))
            {
                throw Refusal.Taken("scheme", body.Scheme!);
            }

            var ids = agreement.Texts!.SelectMany(t => t.Grants ?? []).Concat((agreement.Accessions ?? []).SelectMany(a => a.Grants ?? []))
                .Select(g => g.Id).ToHashSet(StringComparer.Ordinal);
            var parties = agreement.PartySchemes.Where(agreement.IsPresent).ToHashSet(StringComparer.Ordinal);
            for (var i = 0; i < (body.Grants?.Count ?? 0); i++)
            {
                var (grant, member) = (body.Grants![i], $"grants[{i}]");
                GrantRules.Check(registry, grant, member);
                if (!ids.Add(grant.Id))
                {
                    throw Refusal.Invalid(member + ".id", new Message("fault.repeated", grant.Id));
                }

                // A line between two of the others would change their text without their amendment.
                if (grant.Recogniser != body.Scheme && grant.Recognised != body.Scheme)
                {
                    throw Refusal.Invalid(member, new Message("fault.line-of-others", body.Scheme));
                }

                var partner = grant.Recogniser == body.Scheme ? grant.Recognised! : grant.Recogniser!;
                if (!parties.Contains(partner))
                {
                    throw Refusal.Invalid(member, new Message("fault.not-a-party", partner));
                }
            }
        }
    }
}
