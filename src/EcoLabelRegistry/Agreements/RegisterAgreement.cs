using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Recognition;
using EcoLabelRegistry.Snapshot;
using FluentValidation;
using MediatR;

namespace EcoLabelRegistry.Agreements;

/// <summary>Enters an agreement: proposed and signed by the caller's side, or attested by the registrar from its sources.</summary>
public static class RegisterAgreement
{
    /// <param name="Body">The text, with who it binds.</param>
    /// <param name="Actor">Who writes.</param>
    public sealed record Request(AgreementBody Body, Actor Actor) : IRequest<Written>;

    internal sealed class Validator : AbstractValidator<Request>
    {
        public Validator() => RuleFor(r => r.Body).SetValidator(new Body()).OverridePropertyName("");

        private sealed class Body : SourcedRules<AgreementBody>
        {
            public Body()
            {
                RuleFor(a => a.Code).Required().IsCode();
                RuleFor(a => a.Title).Required().IsTextByLanguage();
                RuleFor(a => a.Kind).Required();
                RuleFor(a => a.Parties).Required().IsListOfDistinct();
                RuleForEach(a => a.Parties).Required().IsCode();
                RuleFor(a => a.Parties)
                    .Must((agreement, parties) => agreement.Kind is not AgreementKind.Bilateral || parties?.Count == 2 || agreement.Grants is not { Count: > 0 })
                    .Says(_ => new Message("fault.two-parties"));
                RuleFor(a => a.Parties)
                    .Must((agreement, parties) => agreement.Kind is not AgreementKind.Multilateral || parties?.Count > 1 || agreement.Grants is not { Count: > 0 })
                    .Says(_ => new Message("fault.several-parties"));
                RuleFor(a => a.Parent).IsCode();
                RuleFor(a => a.Signatories).IsBounded();
                RuleForEach(a => a.Signatories).Required().ChildRules(s =>
                {
                    s.RuleFor(x => x.Name).Required().IsText(Limits.Line);
                    s.RuleFor(x => x.Scheme).IsCode();
                });
                RuleFor(a => a.Renewals).IsBounded();
                RuleFor(a => a.EffectiveUntil).IsNotBefore(a => a.EffectiveFrom, "effectiveFrom");
                RuleFor(a => a.Grants).AreDistinctBy(g => g.Id);
                RuleForEach(a => a.Grants).Required().SetValidator(new GrantRules.Grant());
                RuleFor(a => a.Reservations).IsBounded();
                RuleForEach(a => a.Reservations).Required().ChildRules(r =>
                {
                    r.RuleFor(x => x.Party).Required().IsCode();
                    r.RuleFor(x => x.Categories).IsListOfDistinct();
                    r.RuleForEach(x => x.Categories).Required();
                    r.RuleFor(x => x.Partners).IsListOfDistinct();
                    r.RuleForEach(x => x.Partners).Required();
                });
                RuleFor(a => a.Sources).Required().When(a => a.Attested == true);
            }
        }
    }

    internal sealed class Handler(ChangeLog log) : IRequestHandler<Request, Written>
    {
        public Task<Written> Handle(Request request, CancellationToken cancel) => log.WriteAsync(
            async write =>
            {
                var body = request.Body;
                var code = body.Code!;
                Check(write.Registry, body);
                if (write.Registry.Agreements.ContainsKey(code))
                {
                    throw Refusal.Taken("code", code);
                }

                // Whoever proposes has signed; the registrar never does.
                var signers = request.Actor.SchemesAmong(write.Registry, body.Parties!);
                var entry = AgreementEntry.Propose(body).Sign(body.TextHash(), signers, write.At, request.Actor);
                await write.PutAsync(RecordKind.Agreement, code, entry);
                await write.AppendAsync(
                    request.Actor,
                    body.Attested == true ? "agreement-attested" : "agreement-proposed",
                    Subjects.Of(RecordKind.Agreement, code),
                    RecordJson.Node(body));
                return new Written(write.Revision, Created: true);
            },
            cancel);

        private static void Check(RegistryAt registry, AgreementBody body)
        {
            registry.Schemes.Require(Thing.Scheme, "parties", body.Parties);
            registry.Agreements.Require(Thing.Agreement, "parent", body.Parent);
            var parties = body.Parties!.ToHashSet(StringComparer.Ordinal);
            var grants = body.Grants ?? [];
            for (var i = 0; i < grants.Count; i++)
            {
                var member = $"grants[{i}]";
                GrantRules.Check(registry, grants[i], member);
                if (!parties.Contains(grants[i].Recogniser!))
                {
                    throw Refusal.Invalid(member + ".recogniser", new Message("fault.not-a-party", grants[i].Recogniser));
                }

                if (body.Kind != AgreementKind.Unilateral && !parties.Contains(grants[i].Recognised!))
                {
                    throw Refusal.Invalid(member + ".recognised", new Message("fault.not-a-party", grants[i].Recognised));
                }
            }

            var reservations = body.Reservations ?? [];
            for (var i = 0; i < reservations.Count; i++)
            {
                var member = $"reservations[{i}]";
                if (!parties.Contains(reservations[i].Party!))
                {
                    throw Refusal.Invalid(member + ".party", new Message("fault.not-a-party", reservations[i].Party));
                }

                registry.Categories.Require(Thing.Category, member + ".categories", reservations[i].Categories);
                registry.Schemes.Require(Thing.Scheme, member + ".partners", reservations[i].Partners);
            }
        }
    }
}
