WITH their_appointments AS (
  SELECT
    CAST("APPOINTMENT_ID" AS VARCHAR) AS appointment_id,
    CAST("LEAD_ID" AS VARCHAR) AS lead_id,
    CAST("BOOKED_AT" AS TIMESTAMPNTZ) AS booked_at,
    CAST("HELD_AT" AS TIMESTAMPNTZ) AS held_at,
    CAST("STATUS" AS VARCHAR) AS status,
    CAST("QUALIFIED" AS BOOLEAN) AS qualified,
    CAST("WORKFLOW" AS VARCHAR) AS workflow,
    CAST(0 AS BIGINT) AS import_id,
    CAST(0 AS BIGINT) AS line
  FROM "CRM"."APPOINTMENTS"
), their_deals AS (
  SELECT
    CAST("ID" AS VARCHAR) AS deal_id,
    CAST("LEAD_ID" AS VARCHAR) AS lead_id,
    CAST("CREATED_AT" AS TIMESTAMPNTZ) AS created_at,
    CAST("CLOSED_AT" AS TIMESTAMPNTZ) AS closed_at,
    CAST("STAGE" AS VARCHAR) AS stage,
    "VALUE" AS amount,
    CAST("CURRENCY" AS VARCHAR) AS currency,
    CAST("WORKFLOW" AS VARCHAR) AS workflow,
    CAST("CHANNEL" AS VARCHAR) AS channel,
    CAST(0 AS BIGINT) AS import_id,
    CAST(0 AS BIGINT) AS line
  FROM "CRM"."OPPORTUNITIES"
), their_leads AS (
  SELECT
    CAST("LEAD_ID" AS VARCHAR) AS lead_id,
    CAST("CREATED_AT" AS TIMESTAMPNTZ) AS created_at,
    CAST("WORKFLOW" AS VARCHAR) AS workflow,
    CAST("CHANNEL" AS VARCHAR) AS channel,
    CAST("REGION" AS VARCHAR) AS region,
    CAST("SEGMENT" AS VARCHAR) AS segment,
    CAST("OWNER" AS VARCHAR) AS owner,
    "SCORE" AS score,
    CAST("FIRST_RESPONSE_AT" AS TIMESTAMPNTZ) AS first_response_at,
    CAST(0 AS BIGINT) AS import_id,
    CAST(0 AS BIGINT) AS line
  FROM "CRM"."LEADS"
), facts_appointments AS (
  SELECT
    appointment_id,
    lead_id,
    booked_at AS booked_at,
    held_at AS held_at,
    status,
    qualified,
    workflow,
    import_id,
    line
  FROM their_appointments AS current_appointments
  WHERE
    NOT workflow IS NULL
  UNION ALL
  SELECT
    fact.appointment_id,
    fact.lead_id,
    fact.booked_at AS booked_at,
    fact.held_at AS held_at,
    fact.status,
    fact.qualified,
    origin.workflow,
    fact.import_id,
    fact.line
  FROM their_appointments AS fact
  LEFT JOIN their_leads AS origin
    ON fact.lead_id = origin.lead_id
  WHERE
    fact.workflow IS NULL
), facts_deals AS (
  SELECT
    deal_id,
    lead_id,
    created_at AS created_at,
    closed_at AS closed_at,
    stage,
    amount,
    currency,
    workflow,
    channel,
    import_id,
    line
  FROM their_deals AS current_deals
  WHERE
    NOT workflow IS NULL
  UNION ALL
  SELECT
    fact.deal_id,
    fact.lead_id,
    fact.created_at AS created_at,
    fact.closed_at AS closed_at,
    fact.stage,
    fact.amount,
    fact.currency,
    origin.workflow,
    fact.channel,
    fact.import_id,
    fact.line
  FROM their_deals AS fact
  LEFT JOIN their_leads AS origin
    ON fact.lead_id = origin.lead_id
  WHERE
    fact.workflow IS NULL
), facts_leads AS (
  SELECT
    lead_id,
    created_at AS created_at,
    workflow,
    channel,
    region,
    segment,
    owner,
    score,
    first_response_at AS first_response_at,
    import_id,
    line
  FROM their_leads AS current_leads
), entered AS (
  SELECT
    unit.lead_id,
    DATEADD(DAY, 1 - DAYOFWEEKISO(CAST(unit.created_at AS DATE)), CAST(unit.created_at AS DATE)) AS cohort_week,
    CASE
      WHEN CAST(unit.first_response_at AS DATE) <= CAST('2024-06-30' AS DATE)
      THEN GREATEST_IGNORE_NULLS(unit.first_response_at, unit.created_at)
    END AS answered_at,
    unit.created_at
  FROM facts_leads AS unit
  WHERE
    unit.workflow = 'lead-routing'
    AND CAST(unit.created_at AS DATE) <= CAST('2024-06-30' AS DATE)
), happened AS (
  SELECT
    lead_id,
    MIN(happened_on) AS happened_on
  FROM (
    SELECT
      lead_id,
      CAST(closed_at AS DATE) AS happened_on
    FROM facts_deals AS deals
    WHERE
      'close_rate' = 'close_rate'
      AND stage = 'won'
      AND CAST(closed_at AS DATE) <= CAST('2024-06-30' AS DATE)
    UNION ALL
    SELECT
      lead_id,
      CAST(held_at AS DATE) AS happened_on
    FROM facts_appointments AS appointments
    WHERE
      'close_rate' = 'qualified_appointment_rate'
      AND qualified
      AND status = 'held'
      AND CAST(held_at AS DATE) <= CAST('2024-06-30' AS DATE)
  ) AS outcomes
  GROUP BY
    lead_id
)
SELECT
  entered.cohort_week,
  0 AS since_age,
  CAST((
    DATEDIFF(
      DAY,
      CAST(entered.cohort_week AS DATE),
      CAST(DATEADD(
        DAY,
        1 - DAYOFWEEKISO(CAST(entered.answered_at AS DATE)),
        CAST(entered.answered_at AS DATE)
      ) AS DATE)
    )
  ) / 7 AS BIGINT) AS yes_age,
  CAST(FLOOR(
    24 * LN(
      1 + CAST((
        (
          DATEDIFF(DAY, CAST(entered.created_at AS DATE), CAST(entered.answered_at AS DATE))
        ) * 86400 + (
          FLOOR(DATE_PART(HOUR, entered.answered_at)) - FLOOR(DATE_PART(HOUR, entered.created_at))
        ) * 3600 + (
          FLOOR(DATE_PART(MINUTE, entered.answered_at)) - FLOOR(DATE_PART(MINUTE, entered.created_at))
        ) * 60 + (
          FLOOR(DATE_PART(SECOND, entered.answered_at)) - FLOOR(DATE_PART(SECOND, entered.created_at))
        ) * 1
      ) AS DOUBLE) / 60
    )
  ) AS INT) AS bucket,
  CASE
    WHEN NOT happened.happened_on IS NULL
    THEN GREATEST_IGNORE_NULLS(
      CAST((
        DATEDIFF(
          DAY,
          CAST(entered.cohort_week AS DATE),
          CAST(DATEADD(
            DAY,
            1 - DAYOFWEEKISO(CAST(happened.happened_on AS DATE)),
            CAST(happened.happened_on AS DATE)
          ) AS DATE)
        )
      ) / 7 AS BIGINT),
      0
    )
  END AS outcome_age,
  COUNT(*) AS units
FROM entered
LEFT JOIN happened
  ON entered.lead_id = happened.lead_id
GROUP BY
  1,
  2,
  3,
  4,
  5
